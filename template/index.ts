// The Pulumi program: every workflow that it imports is deployed by `pulumi up`.
import "./flows";

// Every workflow of this project. A new file is deployed once it is imported here.
import "./onboarding";

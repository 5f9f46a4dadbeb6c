import pulumi_hogflow as hogflow

hogflow.HogFlow(
    "welcome",
    status="active",
    actions={
        "trigger_node": {
            "type": "trigger",
            "name": "Signed up",
            "config": {"type": "event", "filters": {"events": [{"id": "user signed up"}]}},
            "next": "let_them_try",
        },
        "let_them_try": {
            "type": "delay",
            "name": "Let them try",
            "config": {"delayDuration": "3d"},
            "next": "exit_node",
        },
        "exit_node": {"type": "exit", "name": "Exit"},
    },
)

"""Coding agents of the command line that are known, each as the command that works without a person."""

from dataclasses import dataclass, field

from app.integrations.coding_agent.transcripts import Reader, as_it_is, of_claude_code

OWN = "own"


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A known agent: its command, what it needs to be told, and how its output is read."""

    name: str
    label: str
    template: str
    needs: str  # the variables that it takes its account from
    install: str
    env: dict[str, str] = field(default_factory=dict)
    leavings: tuple[str, ...] = ()
    reader: Reader = as_it_is


# Each is told not to ask and not to wall itself in: it works in a sandbox of ours already.
_KNOWN = (
    Preset(
        name="claude-code",
        label="Claude Code",
        template="claude --print --verbose --output-format stream-json --dangerously-skip-permissions "
        "< {prompt_file}",
        needs="ANTHROPIC_API_KEY",
        install="npm install --global @anthropic-ai/claude-code",
        env={"IS_SANDBOX": "1", "DISABLE_AUTOUPDATER": "1"},
        reader=of_claude_code,
    ),
    Preset(
        name="codex",
        label="Codex CLI",
        template="codex exec --dangerously-bypass-approvals-and-sandbox --skip-git-repo-check - "
        "< {prompt_file}",
        needs="CODEX_API_KEY",
        install="npm install --global @openai/codex",
    ),
    Preset(
        name="gemini",
        label="Gemini CLI",
        template="gemini --approval-mode=yolo < {prompt_file}",
        needs="GEMINI_API_KEY",
        install="npm install --global @google/gemini-cli",
        env={"GEMINI_CLI_TRUST_WORKSPACE": "true"},
    ),
    Preset(
        name="aider",
        label="aider",
        template="aider --message-file {prompt_file} --yes-always --no-auto-commits --no-gitignore "
        "--no-check-update --no-pretty",
        needs="AIDER_MODEL, and the key of that model's provider",
        install="pip install aider-chat",
        leavings=(".aider*",),
    ),
    Preset(
        name="opencode",
        label="opencode",
        template="opencode run < {prompt_file}",
        needs="the key of a provider, such as ANTHROPIC_API_KEY",
        install="npm install --global opencode-ai",
    ),
    Preset(
        name="goose",
        label="goose",
        template="goose run --no-session --instructions {prompt_file}",
        needs="GOOSE_PROVIDER, GOOSE_MODEL, and the key of that provider",
        install="the script on goose's own site",
        env={"GOOSE_MODE": "auto"},
    ),
)
PRESETS = {preset.name: preset for preset in _KNOWN}

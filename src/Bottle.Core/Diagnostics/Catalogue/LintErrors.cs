namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>The words of phase 9 that the plan linter speaks: a plan that only a bug in Bottle can make. One code an invariant.</summary>
public static class LintErrors
{
    /// <summary>BTL9001: a container is on a network where it does not belong.</summary>
    public static Diagnostic WrongNetworks(string service, string found, string wanted) => Bug(
        "BTL9001", $"service '{service}' would join {Or(found)}, and belongs on {Or(wanted)}",
        "the networks are what keeps the agent behind egress, and egress behind pipelock");

    /// <summary>BTL9002: a network that must lead nowhere does, or the other way round.</summary>
    public static Diagnostic NetworkIsOpen(string network) => Bug(
        "BTL9002", $"network '{network}' would lead out", "only 'egress' may, and the agent is not on it");

    /// <summary>BTL9003: egress or the git-gate, and pipelock, are not together.</summary>
    public static Diagnostic EgressWithoutPipelock() => Bug(
        "BTL9003", "egress or the git-gate would be there without pipelock, or their networks without them",
        "whatever leads out leads through pipelock; without a route and a git remote there is neither");

    /// <summary>BTL9004: subnets overlap or are no subnets.</summary>
    public static Diagnostic SubnetsOverlap(string one, string other) => Bug(
        "BTL9004", $"the subnets {one} and {other} overlap", "two networks with common addresses are one network");

    /// <summary>BTL9005: a fixed address outside of its network, or used twice.</summary>
    public static Diagnostic AddressMisplaced(string service, string address) => Bug(
        "BTL9005", $"the address {address} of '{service}' is taken, or outside of its network", "pipelock lets exactly this address pass");

    /// <summary>BTL9006: a mount that leaves the state directory, can be written, or is the engine's socket.</summary>
    public static Diagnostic MountNotAllowed(string service, string source) => Bug(
        "BTL9006", $"service '{service}' would mount '{source}'",
        "a container sees folders of its own run, read-only but for egress's log, the gate's repositories and supervise's questions, and nothing of the host");

    /// <summary>BTL9007: containers run as different users, or as root where the engine is not rootless.</summary>
    public static Diagnostic WrongUser(string service, string user) => Bug(
        "BTL9007", $"service '{service}' would run as '{user}'", "every container runs as the run's one user, which owns its files");

    /// <summary>BTL9008: labels are missing.</summary>
    public static Diagnostic LabelMissing(string thing, string label) => Bug(
        "BTL9008", $"'{thing}' would lack the label {label}", "teardown finds what is ours by its labels");

    /// <summary>BTL9009: the embedded DNS would forward questions of a container that has none to ask.</summary>
    public static Diagnostic DnsIsOpen(string service) => Bug(
        "BTL9009", $"service '{service}' could ask outside name servers", "a name is a message: DNS questions carry data out");

    /// <summary>BTL9010: the agent could be up before its sidecars.</summary>
    public static Diagnostic AgentTooEarly(string missing) => Bug(
        "BTL9010", $"the agent would not wait for a healthy '{missing}'", "the agent is never up before what guards it");

    /// <summary>BTL9011: pipelock's lists are not those of the routes.</summary>
    public static Diagnostic PipelockDiffers(string list) => Bug(
        "BTL9011", $"pipelock's {list} is not what the routes say", "pipelock mirrors egress and the git-gate: more would be a hole, less a refusal that no manifest explains");

    /// <summary>BTL9012: slots and routes do not fit.</summary>
    public static Diagnostic SlotsDiffer(string slot) => Bug(
        "BTL9012", $"the token slot '{slot}' is used without being filled, or the other way round", "a secret goes to egress only when a route needs it");

    /// <summary>BTL9013: a variable of the agent's would steer Compose, the loader or Bottle's wiring.</summary>
    public static Diagnostic VariableSteers(string name) => Bug(
        "BTL9013", $"the agent's variable '{name}' would steer what starts it", "Compose is started with the operator's values under these names");

    /// <summary>BTL9014: proxy variables that do not fit.</summary>
    public static Diagnostic ProxyVariablesDiffer(string name) => Bug(
        "BTL9014", $"the agent's '{name}' does not fit its sidecars", "with egress everything goes through it; without, nothing goes anywhere");

    /// <summary>BTL9015: a limit that is none.</summary>
    public static Diagnostic Unlimited(string service) => Bug(
        "BTL9015", $"service '{service}' would run without limits", "one container must not starve the others or the host");

    /// <summary>BTL9016: egress would not take the table.</summary>
    public static Diagnostic RoutesUnreadable(string problem) => Bug(
        "BTL9016", $"egress would refuse routes.yaml: {problem}", "the planner and egress must mean the same by a route");

    /// <summary>BTL9017: git's keys would be seen outside of the gate.</summary>
    public static Diagnostic GitKeysVisible(string service, string source) => Bug(
        "BTL9017", $"service '{service}' would see git's keys in '{source}'", "the keys are the gate's alone, and it cannot change them");

    /// <summary>BTL9018: the gate would not take its configuration.</summary>
    public static Diagnostic GateFileUnreadable(string problem) => Bug(
        "BTL9018", $"the git-gate would refuse gate.json: {problem}", "the planner and the gate must mean the same by a repository");

    /// <summary>BTL9019: an answer could be written by a container.</summary>
    public static Diagnostic AnswersWritable(string service, string source) => Bug(
        "BTL9019", $"service '{service}' would see or write the queue of proposals through '{source}'", "an answer is the operator's word, and only supervise shows it");

    /// <summary>BTL9020: supervise without what it needs.</summary>
    public static Diagnostic SuperviseWithoutEgress(string reason) => Bug(
        "BTL9020", $"the agent could not ask, or what is granted could not be applied: {reason}", "supervise comes with egress, and is reached past its proxy");

    private static string Or(string networks) => networks.Length == 0 ? "no network" : networks;

    private static Diagnostic Bug(string code, string message, string why) => new()
    {
        Code = code,
        Message = message,
        Why = why,
        Fix = "this is a bug in Bottle: please report it with the manifest and the output of --target=Plan",
    };
}

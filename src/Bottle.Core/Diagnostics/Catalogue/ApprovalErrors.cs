namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>What an agent asks and a person answers: BTL71xx. One method a code.</summary>
public static class ApprovalErrors
{
    /// <summary>BTL7101: no such question is open.</summary>
    public static Diagnostic NoSuchProposal(string identity, string id) => new()
    {
        Code = "BTL7101",
        Message = $"'{identity}' has no open proposal '{InertText.Excerpt(id)}'",
        Why = "a proposal is there until its answer has reached the agent; one that was answered, or that the bottle took back, is gone",
        Fix = $"see what is open: dotnet cake --target=Proposals --bottle={identity}",
    };

    /// <summary>BTL7102: the question has its answer.</summary>
    public static Diagnostic AlreadyAnswered(string id, string decision) => new()
    {
        Code = "BTL7102",
        Message = $"proposal '{InertText.Excerpt(id)}' has been answered already: {decision}",
        Why = "a proposal has exactly one effect, and the first answer wins",
        Fix = "change the table with --target=EditRoutes, or let the agent ask again",
    };

    /// <summary>BTL7103: not the diff that was seen.</summary>
    public static Diagnostic DiffChanged(string seen, string now) => new()
    {
        Code = "BTL7103",
        Message = $"what would be applied now is {now}, and not {InertText.Excerpt(seen)}",
        Why = "only what a person has seen is applied; the table, the proposal or the route changed since",
        Fix = $"read the diff above; if you agree: --diff={now}",
    };

    /// <summary>BTL7104: no lease can be had like this.</summary>
    public static Diagnostic LeaseUnusable(string text, string reason) => new()
    {
        Code = "BTL7104",
        Message = $"'--lease={InertText.Excerpt(text)}' cannot be granted: {reason}",
        Fix = "write --lease=30m (s, m, h, d: by time), --lease=3x (by number of requests) or --lease=run",
    };

    /// <summary>BTL7105: a proposal whose approval is none of a route.</summary>
    public static Diagnostic CapabilityLater(string id) => new()
    {
        Code = "BTL7105",
        Message = $"proposal '{InertText.Excerpt(id)}' asks for changes of the agent's image, which are not approved here",
        Why = "its steps take their time, and the run ends after them; the proposal stays open",
        Fix = $"dotnet cake --target=Approve --bottle=… --proposal={InertText.Excerpt(id)}, or --target=Reject",
    };

    /// <summary>BTL7106: nobody saw the diff.</summary>
    public static Diagnostic NobodyToAsk(string argument) => new()
    {
        Code = "BTL7106",
        Message = "this must be confirmed, and standard input is no terminal",
        Why = "nobody has said that the diff above is what shall be applied",
        Fix = $"read the diff above, then add {argument}",
    };

    /// <summary>BTL7107: the person said no.</summary>
    public static Diagnostic NotConfirmed() => new()
    {
        Code = "BTL7107",
        Message = "nothing was changed: the question was not answered with y",
        Why = "what the agent asks for is granted by a clear yes only",
        Fix = "give the command again and answer y; or refuse it: dotnet cake --target=Reject",
    };

    /// <summary>BTL7108: the run's plan is not there.</summary>
    public static Diagnostic NoPlan(string identity) => new()
    {
        Code = "BTL7108",
        Message = $"'{identity}' has no plan on disk, so that nothing can be changed in it",
        Why = "it was started by an older Bottle, or it is still being started",
        Fix = "wait until it is up, or start it again",
    };

    /// <summary>BTL7109: the editor did not end well.</summary>
    public static Diagnostic EditorFailed(string editor, string reason) => new()
    {
        Code = "BTL7109",
        Message = $"the editor '{InertText.Excerpt(editor)}' did not end well: {reason}",
        Why = "what it left is not taken for what you meant",
        Fix = "give the command again; the editor is the one that VISUAL or EDITOR names, for example EDITOR='code --wait'",
    };

    /// <summary>BTL7110: what was edited cannot be read; <paramref name="problem"/> is a sentence with line and column.</summary>
    public static Diagnostic EditUnusable(string problem) => new()
    {
        Code = "BTL7110",
        Message = $"what you wrote is no route table: {InertText.Line(problem)}",
        Why = "egress would refuse it and go on with the old one",
        Fix = "edit it again: 'routes: []' is the table without a route, and bottles/README.md has the keys",
    };

    /// <summary>BTL7111: nothing runs under this identity.</summary>
    public static Diagnostic NotRunning(string identity) => new()
    {
        Code = "BTL7111",
        Message = $"'{identity}' does not run",
        Why = "a change is applied to running sidecars, and confirmed by them",
        Fix = "see what runs: dotnet cake --target=List",
    };

    /// <summary>BTL7112: the edited file is the one that was opened.</summary>
    public static Diagnostic NothingEdited() => new()
    {
        Code = "BTL7112",
        Message = "nothing was changed: the file is as it was opened",
        Why = "the editor ended without a change that was saved",
        Fix = "save what you change before you close the editor; one that returns at once needs a flag to wait, such as EDITOR='code --wait'",
    };

    /// <summary>BTL7114: there is no such editor.</summary>
    public static Diagnostic EditorMissing(string editor) => new()
    {
        Code = "BTL7114",
        Message = $"there is no editor '{InertText.Excerpt(editor)}'",
        Why = "routes are opened with the program that VISUAL or EDITOR names, and with vi when neither is set",
        Fix = "set EDITOR to one that is installed, for example EDITOR=nano",
    };

    /// <summary>BTL7113: the question changed between the look and the answer.</summary>
    public static Diagnostic QuestionChanged(string id) => new()
    {
        Code = "BTL7113",
        Message = $"proposal '{InertText.Excerpt(id)}' is not the one that you saw any more",
        Why = "only what a person has seen is applied",
        Fix = "look again: dotnet cake --target=Proposals",
    };

    /// <summary>BTL7115: the person gave up what could not be read.</summary>
    public static Diagnostic EditGivenUp() => new()
    {
        Code = "BTL7115",
        Message = "nothing was changed: what you wrote could not be used, and you did not edit it again",
        Why = "the errors above are those of the last text; it is not kept",
        Fix = "give the command again; it opens the table in force",
    };
}

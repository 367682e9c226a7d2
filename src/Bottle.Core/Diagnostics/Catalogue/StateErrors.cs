namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>The state folder and what is kept of runs: BTL31xx.</summary>
public static class StateErrors
{
    /// <summary>A text that should be an identity is none.</summary>
    public static Diagnostic InvalidIdentity(string text) => new()
    {
        Code = "BTL3101",
        Message = $"'{text}' is not an identity",
        Why = "identities look like 'demo-k3x9a': the agent's name and five characters",
        Fix = "list the runs with --target=List",
    };

    /// <summary>The identity has a state folder already.</summary>
    public static Diagnostic IdentityTaken(string identity) => new()
    {
        Code = "BTL3102",
        Message = $"run '{identity}' exists already",
        Why = "each launch has a fresh identity, and one of two launches of the same one wins",
        Fix = "start again without naming an identity, or resume it",
    };

    /// <summary>A link or a file stands where a folder of the state should be.</summary>
    public static Diagnostic NotAFolder(string path) => new()
    {
        Code = "BTL3103",
        Message = $"'{path}' is not a folder",
        Why = "Bottle does not follow links inside its state folder",
        Fix = "remove what stands there",
    };

    /// <summary>The run is owned by a living process.</summary>
    public static Diagnostic RunIsAlive(string identity, int? process) => new()
    {
        Code = "BTL3104",
        Message = process is null ? $"run '{identity}' is in use" : $"run '{identity}' is in use by process {process}",
        Why = "only the process that holds its lock may change it",
        Fix = $"wait until it has ended, or end it: dotnet cake --target=Stop --bottle={identity}",
    };

    /// <summary>A folder in a place that others can write to is not this user's own.</summary>
    public static Diagnostic HostileFolder(string path) => new()
    {
        Code = "BTL3105",
        Message = $"'{path}' is not a folder of this user alone",
        Why = "token files are written there; another user may have prepared it",
        Fix = "look at it, and remove it or give it to this user with mode 0700",
    };

    /// <summary>A file could not be written; the old one is whole.</summary>
    public static Diagnostic CannotWrite(string path, string reason) => new()
    {
        Code = "BTL3106",
        Message = $"'{path}' cannot be written",
        Why = reason,
        Fix = "make room or repair the rights; what was there before is unchanged",
    };

    /// <summary>metadata.json cannot be read.</summary>
    public static Diagnostic MetadataUnreadable(string path, string reason) => new()
    {
        Code = "BTL3107",
        Message = $"'{path}' cannot be read",
        Why = reason,
        Fix = "remove the run with --target=Cleanup --bottle=IDENTITY",
    };

    /// <summary>Something in a state folder could not be deleted.</summary>
    public static Diagnostic CannotRemove(string path, string reason) => new()
    {
        Code = "BTL3108",
        Message = $"'{path}' cannot be removed",
        Why = reason,
        Fix = "remove it with the rights that are needed; the next Cleanup tries again",
    };

    /// <summary>No free identity was found.</summary>
    public static Diagnostic NoFreeIdentity(string agent, int attempts) => new()
    {
        Code = "BTL3109",
        Message = $"no free identity for agent '{agent}' after {attempts} attempts",
        Why = "every one that was drawn has a state folder, a record or a container",
        Fix = "remove old runs with --target=Cleanup",
    };

    /// <summary>plan.json cannot be read.</summary>
    public static Diagnostic PlanUnreadable(string path, string reason) => new()
    {
        Code = "BTL3110",
        Message = $"'{path}' cannot be read: {InertText.Line(reason)}",
        Why = "a change of a running bottle starts from the plan that is in force",
        Fix = "start the bottle again; another version of Bottle, or a hand, wrote this file",
    };

    /// <summary>The secret behind the names of diffs cannot be used.</summary>
    public static Diagnostic KeyUnusable(string path, string reason) => new()
    {
        Code = "BTL3111",
        Message = $"'{path}' cannot be used: {InertText.Line(reason)}",
        Why = "the digits by which a diff is approved are made with it, so that nobody else can make another diff of the same name",
        Fix = "remove the file: a new key is made, and diffs that were listed before get other digits",
    };
}

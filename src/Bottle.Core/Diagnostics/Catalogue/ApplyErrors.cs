namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>Putting a change in force in a bottle that runs: BTL72xx. One method a code.</summary>
public static class ApplyErrors
{
    /// <summary>BTL7201: somebody else is at it.</summary>
    public static Diagnostic Busy(string identity) => new()
    {
        Code = "BTL7201",
        Message = $"another change of '{identity}' is being applied, and does not end",
        Why = "one revision follows another; two at once could leave half of each",
        Fix = "try again in some minutes: it may be putting a change back. If it never ends, look for a stopped 'dotnet cake' that applies a change, and end it: what it began is then put back",
    };

    /// <summary>BTL7202: a step failed; the old configuration is in force again.</summary>
    public static Diagnostic NotApplied(string identity, int revision, string reason) => new()
    {
        Code = "BTL7202",
        Message = $"the change of '{identity}' could not be applied; revision {revision} is in force as before, on disk and live",
        Why = reason,
        Fix = "mend the reason, then decide again; the agent was told",
    };

    /// <summary>BTL7203: a step failed, and going back could not be confirmed.</summary>
    public static Diagnostic NotRestored(string identity, int revision, string reason, string restoring) => new()
    {
        Code = "BTL7203",
        Message = $"the change of '{identity}' could not be applied; revision {revision} is on disk again, but the sidecars have not confirmed it",
        Why = $"applying: {reason}\nputting back: {restoring}",
        Fix = $"every later command tries again; dotnet cake --target=Stop --keep --bottle={identity}, then --target=Resume --bottle={identity}, makes the sidecars anew from the files on disk",
    };

    /// <summary>BTL7204: apply.json is no journal.</summary>
    public static Diagnostic JournalUnreadable(string path, string reason) => new()
    {
        Code = "BTL7204",
        Message = $"'{path}' cannot be read: {InertText.Line(reason)}",
        Why = "it says what an interrupted change has to be put back to",
        Fix = "start the bottle again; another version of Bottle, or a hand, wrote this file",
    };

    /// <summary>BTL7205: a sidecar did not take the new configuration.</summary>
    public static Diagnostic SidecarRefused(string service, string reason) => new()
    {
        Code = "BTL7205",
        Message = $"{service} did not take the new configuration: {InertText.Line(reason)}",
        Fix = $"see what it wrote: docker logs claude-bottle-{service}-IDENTITY",
    };
}

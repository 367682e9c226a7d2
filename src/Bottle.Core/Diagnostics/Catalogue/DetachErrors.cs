namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL52xx: runs that go on without a terminal, and who comes back to them.</summary>
public static class DetachErrors
{
    /// <summary>BTL5201: the keeper ended before anybody could come to it.</summary>
    public static Diagnostic KeeperFailed(string identity, string log, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL5201",
        Message = $"the keeper of '{identity}' ended before the agent ran",
        Why = lastLines.Count == 0 ? "it said nothing" : string.Join('\n', lastLines),
        Fix = $"all that it said is in {log}",
    };

    /// <summary>BTL5202: the socket's path would be too long for the operating system.</summary>
    public static Diagnostic SocketPathTooLong(string path, int most) => new()
    {
        Code = "BTL5202",
        Message = $"a detached run cannot be kept in this home: the path of its socket is longer than {most} bytes",
        Why = $"it would be {path}",
        Fix = "set CLAUDE_BOTTLE_HOME to a shorter path, or start without --detach",
    };

    /// <summary>BTL5203: the run was stopped while somebody was attached.</summary>
    public static Diagnostic Stopped(string identity) => new()
    {
        Code = "BTL5203",
        Message = $"'{identity}' was stopped, and is removed",
        Why = "somebody stopped it from another terminal, with the target Stop",
    };

    /// <summary>BTL5204: the keeper went away without a word.</summary>
    public static Diagnostic KeeperLost(string identity) => new()
    {
        Code = "BTL5204",
        Message = $"the keeper of '{identity}' is gone",
        Why = "its process was killed",
        Fix = $"go on with: dotnet cake --target=Resume --bottle={identity}; or remove what is left: dotnet cake --target=Cleanup --bottle={identity}",
    };

    /// <summary>BTL5205: a run that is to be stopped does not end.</summary>
    public static Diagnostic DoesNotEnd(string identity, int process) => new()
    {
        Code = "BTL5205",
        Message = $"'{identity}' does not end: process {process} still owns it",
        Why = "it was asked to stop, and tears down what it started",
        Fix = $"wait, or end it at once: kill -9 {process}; then dotnet cake --target=Cleanup --bottle={identity}",
    };
}

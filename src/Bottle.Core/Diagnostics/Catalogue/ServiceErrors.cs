using Bottle.Core.Manifests;

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL206x and BTL4061: what stands beside the agent, and the directory that it works in.</summary>
public static class ServiceErrors
{
    /// <summary>BTL2061: an image of a service that the engine does not have, and that no digest pins.</summary>
    public static Diagnostic ServiceImageMissing(Located<string> image, bool isError) => new()
    {
        Code = "BTL2061",
        Severity = isError ? Severity.Error : Severity.Warning,
        Message = $"the engine has no image '{image.Value}', and no digest says which one is meant",
        Where = image.Where,
        Why = "a tag can be another image tomorrow; what is fetched must be what you have seen",
        Fix = "pull or build it yourself first (docker pull …), or pin it: name@sha256:…",
    };

    /// <summary>BTL2062: two containers take different host variables under one name.</summary>
    public static Diagnostic HostVariableAmbiguous(string name, string host, string other, SourceSpan where) => new()
    {
        Code = "BTL2062",
        Message = $"'{name}' comes from the host's {host} here, and from {other} elsewhere in this bottle",
        Where = where,
        Why = "a value from the host is handed over under the variable's own name, which can hold one value",
        Fix = "give both the same host variable, or one of them another name",
    };

    /// <summary>BTL4061: a service's image cannot be fetched.</summary>
    public static Diagnostic ImageNotFetched(string image, string service, string reason) => new()
    {
        Code = "BTL4061",
        Message = $"the image '{image}' of service '{service}' cannot be fetched: {InertText.Line(reason)}",
        Why = "the agent is not started without what its manifest puts beside it",
        Fix = "pull it yourself where its registry answers, then start again",
    };

    /// <summary>BTL2063: a mounted directory that belongs to somebody else than the agent's user.</summary>
    public static Diagnostic MountNotWritable(string folder, int owner, int user) => new()
    {
        Code = "BTL2063",
        Severity = Severity.Warning,
        Message = $"'{InertText.Excerpt(folder, 200)}' belongs to uid {owner}, and the agent is uid {user}: it can change only what others may write there",
        Why = "root's own launches run the agent as uid 1000, any other operator's as the operator",
        Fix = "start Bottle as the folder's owner, give the folder to the agent's uid, or use --cwd, which works on a copy",
    };
}

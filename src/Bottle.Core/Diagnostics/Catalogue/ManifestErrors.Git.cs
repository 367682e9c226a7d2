namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    /// <summary>BTL1801: an upstream that is none.</summary>
    public static Diagnostic BadGitUpstream(SourceSpan where, string upstream, string reason) => new()
    {
        Code = "BTL1801",
        Message = $"'{InertText.Excerpt(upstream)}' cannot be an upstream: {InertText.Line(reason)}",
        Where = where,
        Why = "the gate dials exactly this host and port, over ssh",
        Fix = "write 'ssh://git@git.example.com/app.git', or 'git@git.example.com:app.git'",
    };

    /// <summary>BTL1802: a name or an upstream that stands twice.</summary>
    public static Diagnostic DuplicateGitRemote(SourceSpan where, string name, bool sameName, int firstLine) => new()
    {
        Code = "BTL1802",
        Message = sameName
            ? $"the git remote '{InertText.Excerpt(name)}' stands here a second time; the first is on line {firstLine}"
            : $"the git remote '{InertText.Excerpt(name)}' has the upstream of the one on line {firstLine}",
        Where = where,
        Why = "the agent's git is led to the gate by the upstream's address, and there to one policy by the name",
        Fix = "remove one of the two",
    };

    /// <summary>BTL1803: an <c>identity_file</c> that is no path.</summary>
    public static Diagnostic BadIdentityFile(SourceSpan where) => new()
    {
        Code = "BTL1803",
        HidesValue = true,
        Message = "this identity_file is no path of a file",
        Where = where,
        Why = "a manifest holds the name of a secret, never its value; a key that stood here belongs to nobody any more",
        Fix = "write the path of a private key without a passphrase: 'identity_file: ~/.ssh/id_ed25519'",
    };

    /// <summary>BTL1804: <c>known_hosts</c> that would not let ssh know the upstream.</summary>
    public static Diagnostic BadKnownHosts(SourceSpan where, string reason) => new()
    {
        Code = "BTL1804",
        Message = $"these known_hosts cannot be used: {InertText.Line(reason)}",
        Where = where,
        Why = "the gate connects to a host only by a key that stands here",
        Fix = "write lines as in ~/.ssh/known_hosts ('git.example.com ssh-ed25519 AAAA…', with '[host]:port' for ports other than 22), or the path of a file with them",
    };

    /// <summary>BTL1805: an address that no upstream can have.</summary>
    public static Diagnostic BadHostIp(SourceSpan where, string address) => new()
    {
        Code = "BTL1805",
        Message = $"'{InertText.Excerpt(address)}' cannot be a host_ip",
        Where = where,
        Why = "pipelock resolves the upstream's host to exactly this address",
        Fix = "write the IPv4 address of one machine ('192.0.2.7'), not a loopback or link-local one, or remove it where a name server knows the host",
    };

    /// <summary>BTL1806: a pattern that no branch could match.</summary>
    public static Diagnostic BadBranchPattern(SourceSpan where, string pattern, string reason) => new()
    {
        Code = "BTL1806",
        Message = $"'{InertText.Excerpt(pattern)}' cannot be a branch: {reason}",
        Where = where,
        Fix = "write names of branches, where '*' stands for any characters: 'agent/*'",
    };

    /// <summary>BTL1807: a size that is none.</summary>
    public static Diagnostic BadSize(SourceSpan where, string size) => new()
    {
        Code = "BTL1807",
        Message = $"'{InertText.Excerpt(size)}' cannot be a size",
        Where = where,
        Fix = "write a whole number with KB, MB or GB, up to 2GB: '50MB'",
    };

    /// <summary>BTL1808: a fingerprint that is none.</summary>
    public static Diagnostic BadFingerprint(SourceSpan where, string fingerprint) => new()
    {
        Code = "BTL1808",
        Message = $"'{InertText.Excerpt(fingerprint)}' cannot be a fingerprint",
        Where = where,
        Why = "a finding that is accepted by mistake would let a secret out",
        Fix = "copy it from the refusal: 16 of 0-9 and a-f",
    };

    /// <summary>BTL1809: a key for an upstream that Bottle plays itself.</summary>
    public static Diagnostic MintedForTestUpstream(SourceSpan where, string key) => new()
    {
        Code = "BTL1809",
        Message = $"'{key}' is not for a test upstream",
        Where = where,
        Why = "Bottle mints the host key and the client key of a test upstream for each run; one of yours does not belong there",
        Fix = $"remove '{key}', or the test upstream of this host",
    };
}

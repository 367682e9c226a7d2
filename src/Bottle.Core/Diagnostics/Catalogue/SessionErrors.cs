namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>A session: secrets at launch, records of what a bottle wrote: BTL5xxx.</summary>
public static class SessionErrors
{
    /// <summary>A variable of the operator's environment is not set.</summary>
    public static Diagnostic VariableMissing(string name, string source) => new()
    {
        Code = "BTL5101",
        Message = $"environment variable '{name}' is not set",
        Where = SourceSpan.Parse(source),
        Why = "the bottle needs its value at launch",
        Fix = $"set it before starting: export {name}=…",
    };

    /// <summary>A file that holds a secret cannot be read.</summary>
    public static Diagnostic SecretFileUnreadable(string path, string source, string reason) => new()
    {
        Code = "BTL5102",
        Message = $"secret file '{path}' cannot be read",
        Where = SourceSpan.Parse(source),
        Why = reason,
        Fix = "paths are relative to the manifest's folder, and '~' is the home directory: check the path and its rights",
    };

    /// <summary>A command that prints a secret failed; <paramref name="said"/> is what it wrote to standard error.</summary>
    public static Diagnostic SecretCommandFailed(string secret, string source, string reason, IReadOnlyList<string> said) => new()
    {
        Code = "BTL5103",
        Message = $"secret '{secret}' cannot be had: {reason}",
        Where = SourceSpan.Parse(source),
        Why = said.Count == 0 ? "the command gave no reason" : string.Join('\n', said),
        Fix = "run the command yourself: it must print the value and exit with 0",
    };

    /// <summary>A secret's value cannot be sent; the value itself is never named.</summary>
    public static Diagnostic SecretMalformed(string secret, string source, string reason) => new()
    {
        Code = "BTL5104",
        Message = $"the value of secret '{secret}' cannot be used: {reason}",
        Where = SourceSpan.Parse(source),
        Why = "it becomes part of a request header; only one final line break is dropped",
        Fix = "let the source give the bare value",
    };

    /// <summary>A git remote's key or known_hosts file changed since the preflight.</summary>
    public static Diagnostic GitFileUnusable(string path, string reason, SourceSpan where) => new()
    {
        Code = "BTL5105",
        Message = $"'{InertText.Excerpt(path)}' cannot be used: {reason}",
        Where = where,
        Why = "the git-gate gets a copy of it at launch",
        Fix = "check the path and its rights; it could be used when the launch was checked",
    };

    /// <summary>A record that a container wrote is not a regular file.</summary>
    public static Diagnostic RecordUnreadable(string path, string reason) => new()
    {
        Code = "BTL5301",
        Severity = Severity.Warning,
        Message = $"'{path}' is not kept",
        Why = reason,
        Fix = "a container put something else in its place: treat that run with suspicion",
    };
}

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>The audit log: BTL73xx.</summary>
public static class AuditErrors
{
    /// <summary>BTL7301: a file does not hold; <paramref name="problems"/> are sentences with their lines.</summary>
    public static Diagnostic Broken(string path, IReadOnlyList<string> problems) => new()
    {
        Code = "BTL7301",
        Message = $"the audit log {path} is not as it was written",
        Why = string.Join('\n', problems),
        Fix = "compare it with a copy from elsewhere; Bottle itself only ever appends to it",
    };

    /// <summary>BTL7302: another writer holds the lock for too long.</summary>
    public static Diagnostic Busy(string path) => new()
    {
        Code = "BTL7302",
        Message = "the audit log is in use by another Bottle that does not end",
        Why = "a change that cannot be recorded is not made",
        Fix = $"look for a stopped process that holds {path}, and end it",
    };
}

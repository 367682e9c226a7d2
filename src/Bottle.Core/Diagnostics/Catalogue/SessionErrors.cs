namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>A session: secrets at launch, records of what a bottle wrote: BTL5xxx.</summary>
public static class SessionErrors
{
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

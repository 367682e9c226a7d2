namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    /// <summary>BTL1551: a number, a size or a time that is out of its range.</summary>
    public static Diagnostic LimitOutOfRange(SourceSpan where, string key, string value, string wanted) => new()
    {
        Code = "BTL1551",
        Message = $"'{InertText.Excerpt(key)}' cannot be '{InertText.Excerpt(value)}'",
        Where = where,
        Fix = $"write {wanted}",
    };

    /// <summary>BTL1552: a service with the name of one of Bottle's own.</summary>
    public static Diagnostic ServiceNameTaken(SourceSpan where, string name) => new()
    {
        Code = "BTL1552",
        Message = $"a service cannot be called '{InertText.Excerpt(name)}'",
        Where = where,
        Why = "the agent would take it for the sidecar of that name",
        Fix = "choose another name, such as 'db'",
    };

    /// <summary>BTL1553: more services than a bottle's network has room for.</summary>
    public static Diagnostic TooManyServices(SourceSpan where, int count, int most) => new()
    {
        Code = "BTL1553",
        Message = $"a bottle has at most {most} services, and here are {count}",
        Where = where,
        Fix = "leave out those that the agent's tests do not need",
    };

    /// <summary>BTL1554: a health check that is no command.</summary>
    public static Diagnostic BadHealthTest(SourceSpan where) => new()
    {
        Code = "BTL1554",
        Message = "the 'test' of a health check must be a list that begins with CMD or CMD-SHELL, and a command after it",
        Where = where,
        Fix = "write for example [CMD, pg_isready]",
    };
}

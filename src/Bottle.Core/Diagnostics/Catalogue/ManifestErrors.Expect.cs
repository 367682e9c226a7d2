namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    /// <summary>BTL1901: an expectation that is no request.</summary>
    public static Diagnostic BadExpectation(SourceSpan where, string text, string reason) => new()
    {
        Code = "BTL1901",
        Message = $"'{InertText.Excerpt(text)}' cannot be an expectation: {InertText.Line(reason)}",
        Where = where,
        Why = "it is judged as egress judges a request, which is read in one way only",
        Fix = "write a method in capitals and a URL: 'GET https://api.example.com/v1/x'",
    };

    /// <summary>BTL1902: one request expected twice, or both ways.</summary>
    public static Diagnostic RepeatedExpectation(SourceSpan where, string text, int firstLine, bool isEqual) => new()
    {
        Code = "BTL1902",
        Message = isEqual ? $"'{InertText.Excerpt(text)}' stands here a second time; the first is on line {firstLine}"
            : $"'{InertText.Excerpt(text)}' must be denied here and allowed on line {firstLine}",
        Where = where,
        Why = isEqual ? null : "no routes can hold both",
        Fix = "remove one of the two",
    };
}

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL320x: rendered files that a repository keeps, and that its manifests do not give any more.</summary>
public static class RenderedFileErrors
{
    private const string Render = "render them again (dotnet build -t:RenderBottles with the same BottleOutputPath), read the difference, and commit it";
    private const string Reviewed = "a rendered file is kept so that people read what a change of a manifest does; one that is out of date hides it";

    /// <summary>BTL3201: a kept file is not what the manifests give; <paramref name="kept"/> and <paramref name="rendered"/> are null for a line that is not there.</summary>
    public static Diagnostic Differs(SourceSpan where, string? kept, string? rendered) => new()
    {
        Code = "BTL3201",
        Message = $"this is not what the manifests give: line {where.Line} is {Shown(kept)} here, and is rendered as {Shown(rendered)}",
        Where = where,
        Why = Reviewed,
        Fix = Render,
    };

    /// <summary>BTL3202: a file is rendered and not kept.</summary>
    public static Diagnostic Missing(string path) => new()
    {
        Code = "BTL3202",
        Message = "this file is rendered from the manifests, and is not here",
        Where = new SourceSpan(path, 1, 1),
        Why = Reviewed,
        Fix = Render,
    };

    /// <summary>BTL3203: a kept file that nothing renders.</summary>
    public static Diagnostic NotRendered(string path) => new()
    {
        Code = "BTL3203",
        Message = "no manifest gives this file",
        Where = new SourceSpan(path, 1, 1),
        Why = Reviewed,
        Fix = "delete it",
    };

    /// <summary>BTL3204: nothing is kept, so that nothing can be checked.</summary>
    public static Diagnostic NothingKept(string folder) => new()
    {
        Code = "BTL3204",
        Message = $"no rendered files are kept in '{InertText.Line(folder)}'",
        Why = "a check of nothing would pass for ever",
        Fix = "name the folder: -p:BottleOutputPath=DIR; dotnet build -t:RenderBottles -p:BottleOutputPath=DIR writes it",
    };

    private static string Shown(string? line) => line is null ? "not there" : $"'{InertText.Excerpt(line.Trim())}'";
}

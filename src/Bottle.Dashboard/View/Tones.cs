using Spectre.Console;

namespace Bottle.Dashboard.View;

/// <summary>Styles by meaning. Colour only helps: every meaning stands in words or signs as well.</summary>
internal static class Tones
{
    public static readonly Style Plain = Style.Plain;
    public static readonly Style Dim = new(decoration: Decoration.Dim);
    public static readonly Style Head = new(decoration: Decoration.Bold);
    public static readonly Style Chosen = new(decoration: Decoration.Invert);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Bad = new(Color.Red);
    public static readonly Style Wait = new(Color.Yellow);
}

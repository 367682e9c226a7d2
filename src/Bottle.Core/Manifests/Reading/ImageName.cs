using System.Globalization;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Which texts name an image: narrower than the engine's own grammar, and never an option, because a name stands on command lines.</summary>
internal static class ImageName
{
    private const int Longest = 255;

    /// <summary>Whether a text is one.</summary>
    public static bool IsValid(string image) => image.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(image[0])
        && image.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':' or '@')
        && !image.EndsWith(':') && !image.EndsWith('/') && !image.Contains("//", StringComparison.Ordinal) && image.ToLower(CultureInfo.InvariantCulture).Split(':')[0] == image.Split(':')[0];
}

using System.Globalization;
using System.Text.RegularExpressions;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads single values strictly: what two YAML readers could take for different things must be quoted, and is never guessed.</summary>
internal static partial class Scalars
{
    // Booleans and nulls of YAML 1.1 and 1.2.
    private static readonly string[] Words = ["~", "null", "true", "false", "yes", "no", "y", "n", "on", "off", "=", "<<"];

    /// <summary>Text; <paramref name="what"/> names the value in messages (<c>'host'</c>). Null when something was reported.</summary>
    public static Located<string>? Text(ManifestSource source, YamlNode node, string what)
    {
        if (node is YamlUnusable)
            return null;
        if (node is not YamlScalar { IsEmpty: false } scalar)
            source.Report(ManifestErrors.WrongType(node.Where, what, "text", Describe(node)));
        else if (scalar.IsPlain && IsAmbiguous(scalar.Text))
            source.Report(ManifestErrors.AmbiguousScalar(scalar.Where, what, scalar.Text));
        else
            return new Located<string>(scalar.Text, scalar.Where);
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>, nothing else.</summary>
    public static bool? Flag(ManifestSource source, YamlNode node, string what)
    {
        if (node is YamlScalar { IsPlain: true, Text: "true" or "false" } scalar)
            return scalar.Text == "true";
        if (node is not YamlUnusable)
            source.Report(ManifestErrors.WrongType(node.Where, what, "true or false", Describe(node)));
        return null;
    }

    /// <summary>A decimal number without sign or leading zero, of at most nine digits.</summary>
    public static int? Number(ManifestSource source, YamlNode node, string what) => (int?)Number(source, node, what, mostDigits: 9);

    /// <summary>The same with at most eighteen digits.</summary>
    public static long? LongNumber(ManifestSource source, YamlNode node, string what) => Number(source, node, what, mostDigits: 18);

    private static long? Number(ManifestSource source, YamlNode node, string what, int mostDigits)
    {
        if (node is YamlScalar { IsPlain: true } scalar && scalar.Text.Length <= mostDigits && DecimalNumber().IsMatch(scalar.Text))
            return long.Parse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (node is not YamlUnusable)
            source.Report(ManifestErrors.WrongType(node.Where, what, "a decimal number", Describe(node)));
        return null;
    }

    /// <summary>What a person sees there: <c>a list</c>, <c>the text 'x'</c>.</summary>
    public static string Describe(YamlNode node) => node switch
    {
        YamlList => "a list",
        YamlMap => "a mapping (keys with values)",
        YamlScalar { IsEmpty: true } => "nothing",
        YamlScalar scalar => $"{(scalar.IsPlain ? "" : "the quoted text ")}'{Diagnostics.InertText.Excerpt(scalar.Text, 40)}'",
        _ => "something that cannot be used",
    };

    private static bool IsAmbiguous(string text) => Words.Contains(text, StringComparer.OrdinalIgnoreCase) || NumberOrDate().IsMatch(text);

    // Numbers that are not plain decimal ones, sexagesimals and dates. No part can match a text in two ways, so backtracking stays linear; RegexOptions.NonBacktracking is set up at run time and doubles a cold plan's time.
    [GeneratedRegex("^([-+]?0[0-9_]+|[-+]?0[xob][0-9a-f_]+|[-+]?[0-9]+_[0-9_]*|[-+]?[0-9]+(:[0-5]?[0-9])+(\\.[0-9]*)?|[-+]?(\\.[0-9]+|[0-9]+\\.[0-9]*)(e[-+]?[0-9]+)?|[-+]?[0-9]+e[-+]?[0-9]+|[-+][0-9]+|[-+]?\\.inf|\\.nan|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t ].*)?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NumberOrDate();

    [GeneratedRegex("^(0|[1-9][0-9]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalNumber();
}

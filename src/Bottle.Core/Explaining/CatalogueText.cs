using System.Reflection;
using System.Text.RegularExpressions;

namespace Bottle.Core.Explaining;

/// <summary>The sentences that stand at the catalogue's methods: its source is embedded in this assembly.</summary>
internal static partial class CatalogueText
{
    private const string Prefix = "catalogue/";
    private static readonly Lazy<Dictionary<string, string>> Summaries = new(Read);

    /// <summary>What a factory method says of itself, without its code and final stop; null when its source is not embedded.</summary>
    public static string? Summary(MethodInfo method) => Summaries.Value.GetValueOrDefault(Key(method.DeclaringType!.Name, method.Name));

    private static Dictionary<string, string> Read()
    {
        var summaries = new Dictionary<string, string>(StringComparer.Ordinal);
        var assembly = typeof(CatalogueText).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            // ManifestErrors.Routes.cs is a part of ManifestErrors.
            var type = name[Prefix.Length..].Split('.')[0];
            foreach (Match match in Factory().Matches(reader.ReadToEnd()))
                summaries[Key(type, match.Groups["method"].Value)] = Plain(match.Groups["summary"].Value);
        }

        return summaries;
    }

    private static string Key(string type, string method) => $"{type}.{method}";

    // What is said of a parameter is for who calls the method: the example shows its value.
    private static string Plain(string summary)
    {
        summary = OfParameter().Replace(summary, "");
        var text = Code().Replace(Tag().Replace(Reference().Replace(summary, "${name}"), "'"), "").Trim().TrimEnd('.');
        return text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"/// <summary>(?<summary>.*?)</summary>[^\n]*\n(?:[ \t]*(?:///|\[)[^\n]*\n)*[ \t]*public static \w+ (?<method>\w+)\(")]
    private static partial Regex Factory();

    [GeneratedRegex(@"<(?:paramref name|see (?:cref|langword))=""(?<name>[^""]*)""\s*/>")]
    private static partial Regex Reference();

    [GeneratedRegex(@"[;.] <paramref [^>]*/>[^;.]*")]
    private static partial Regex OfParameter();

    [GeneratedRegex("</?c>")]
    private static partial Regex Tag();

    [GeneratedRegex("^BTL[0-9]{4}: ")]
    private static partial Regex Code();
}

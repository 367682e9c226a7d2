using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads a list of a program's arguments: bounded, and without characters that a person does not see.</summary>
internal static class ArgumentReader
{
    private const int MaxArguments = 100;

    /// <summary>The arguments; null when the key is not there.</summary>
    public static IReadOnlyList<Located<string>>? Read(ManifestSource source, MapReader map, string key)
    {
        if (map.List(key) is not { } items)
            return null;
        if (items.Count > MaxArguments)
            source.Report(ManifestErrors.WrongType(map.KeyAt(key), $"'{key}'", $"a list of at most {MaxArguments} items", "longer"));
        var arguments = map.Texts(key)!;
        foreach (var argument in arguments)
        {
            var visible = argument.Value.Replace('\n', ' ').Replace('\t', ' ');
            if (visible.Length > EnvironmentReader.MaxValue)
                source.Report(ManifestErrors.ValueTooLong(argument.Where, $"an item of '{key}'", EnvironmentReader.MaxValue));
            else if (visible.Zip(InertText.Line(visible)).FirstOrDefault(pair => pair.First != pair.Second) is { Second: not '\0' } bad)
                source.Report(ManifestErrors.BadCharacterInValue(argument.Where, $"an item of '{key}'", bad.First));
        }

        return arguments;
    }
}

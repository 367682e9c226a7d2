using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>expect</c> (SPEC A11): lists of requests, each with its place.</summary>
internal static class ExpectReader
{
    private static readonly string[] Keys = ["allow", "deny"];

    public static IReadOnlyList<ExpectationManifest> Read(ManifestSource source, YamlNode? node)
    {
        if (node is null || MapReader.Open(source, node, "'expect'", Keys) is not { } map)
            return [];
        var read = new List<ExpectationManifest>();
        foreach (var key in Keys)
            foreach (var line in map.Texts(key) ?? [])
                if (Read(source, line, isAllowed: key == "allow") is { } expectation)
                    Add(source, read, expectation);
        return [.. read.OrderBy(expectation => expectation.Where.Line).ThenBy(expectation => expectation.Where.Column)];
    }

    private static ExpectationManifest? Read(ManifestSource source, Located<string> line, bool isAllowed)
    {
        if (RequestLine.TryParse(line.Value, defaultMethod: null, out var request, out var problem))
            return new ExpectationManifest { Text = line.Value, IsAllowed = isAllowed, Request = request, Where = line.Where };
        source.Report(ManifestErrors.BadExpectation(line.Where, line.Value, problem));
        return null;
    }

    private static void Add(ManifestSource source, List<ExpectationManifest> read, ExpectationManifest expectation)
    {
        if (read.Find(other => other.Request == expectation.Request) is { } first)
            source.Report(ManifestErrors.RepeatedExpectation(expectation.Where, expectation.Text, first.Where.Line, first.IsAllowed == expectation.IsAllowed));
        else
            read.Add(expectation);
    }
}

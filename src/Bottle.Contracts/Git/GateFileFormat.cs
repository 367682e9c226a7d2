using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Bottle.Contracts.Git;

/// <summary>Reads and writes <c>gate.json</c>: snake_case, unknown and missing keys are errors (a generated reader would give a missing key of an init property zero, not its default), equal input gives equal bytes.</summary>
public static partial class GateFileFormat
{
    /// <summary>The text of a file, ending in a newline.</summary>
    public static string Write(GateFile file) => JsonSerializer.Serialize(file, GateJson.Default.GateFile).ReplaceLineEndings("\n") + "\n";

    /// <summary>Reads a file and checks what the gate relies on.</summary>
    /// <exception cref="FormatException">Everything that is wrong, one line each.</exception>
    public static GateFile Read(string json)
    {
        GateFile file;
        try
        {
            file = JsonSerializer.Deserialize(json, GateJson.Default.GateFile) ?? throw new FormatException("gate.json holds null");
        }
        catch (JsonException e)
        {
            throw new FormatException($"gate.json: {e.Message}", e);
        }
        var problems = Problems(file).ToArray();
        return problems.Length == 0 ? file : throw new FormatException(string.Join('\n', problems));
    }

    private static IEnumerable<string> Problems(GateFile file)
    {
        if (file.V != GateFile.CurrentVersion)
        {
            yield return $"gate.json: version {file.V}; this gate reads {GateFile.CurrentVersion}";
        }
        foreach (var name in file.Repositories.GroupBy(repository => repository.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            yield return $"gate.json: two repositories are named '{name}'";
        }
        foreach (var repository in file.Repositories)
        {
            if (!Name().IsMatch(repository.Name))
            {
                yield return $"gate.json: '{Inert.Text(repository.Name)}' is no name";
            }
            if (!SshUpstream.TryParse(repository.Upstream, out _, out var problem))
            {
                yield return $"gate.json: {repository.Name}: {problem}";
            }
            if (repository.Push.MaxSize <= 0)
            {
                yield return $"gate.json: {repository.Name}: max_size is a positive number of bytes";
            }
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex Name();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GateFile))]
internal sealed partial class GateJson : JsonSerializerContext;

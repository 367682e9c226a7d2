using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Bottle.Contracts.Supervision;

/// <summary>What the two file formats have in common.</summary>
public static partial class SupervisionFiles
{
    /// <summary>Whether a text is a proposal's id, and so a safe file name without its ending.</summary>
    public static bool IsId(string? text) => text is not null && Id().IsMatch(text);

    /// <summary>The document of a text.</summary>
    /// <exception cref="FormatException">It is too large, no JSON, or not of this shape.</exception>
    internal static T Parse<T>(string json, string kind, JsonTypeInfo<T> type)
    {
        if (json.Length > ProposalLimits.FileBytes || Encoding.UTF8.GetByteCount(json) > ProposalLimits.FileBytes)
        {
            throw new FormatException($"{kind}: larger than {ProposalLimits.FileBytes / 1024} KiB");
        }
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new FormatException($"{kind}: holds null");
        }
        // Half a surrogate pair is found by the reader of strings, which has an exception of its own.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"{kind}: {e.Message}", e);
        }
    }

    /// <summary>The file's text, which ends in a line feed.</summary>
    internal static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type) + "\n";

    /// <summary>Throws every problem at once.</summary>
    internal static void Check(string kind, IEnumerable<string> problems)
    {
        var all = problems.ToArray();
        if (all.Length > 0)
        {
            throw new FormatException(string.Join('\n', all.Select(problem => $"{kind}: {problem}")));
        }
    }

    /// <summary>Whether a text is a SHA-256 in lower-case hex digits.</summary>
    internal static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Id();
}

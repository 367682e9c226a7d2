using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bottle.Contracts.Routes;

/// <summary>
/// The values behind the slots: one JSON object, slot name to value, in UTF-8 (<c>{"EGRESS_TOKEN_0": "…"}</c>). Written by the host 0600, read by egress at start, on SIGHUP and after a 401. Messages never repeat its content.
/// </summary>
public static class TokenFile
{
    /// <summary>The largest accepted file, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxValue = 16 * 1024;

    /// <summary>Whether a name is a slot: <c>EGRESS_TOKEN_</c> and a number.</summary>
    public static bool IsSlot(string name)
    {
        const string prefix = "EGRESS_TOKEN_";
        return name.StartsWith(prefix, StringComparison.Ordinal) && name.Length is > 13 and <= 18 && !name.AsSpan(prefix.Length).ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Null when <paramref name="value"/> can stand in a header, else what is wrong with it (without repeating it).</summary>
    public static string? FindValueProblem(string value) =>
        value.Length is 0 or > MaxValue ? $"the value is empty or longer than {MaxValue} characters"
        : value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "the value has a line break, a control character or a character outside ASCII"
        : value[0] == ' ' || value[^1] == ' ' ? "the value starts or ends with a space"
        : null;

    /// <summary>The file's bytes, slots in ordinal order.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, string> values) =>
        JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, string>(values.ToDictionary(), StringComparer.Ordinal), TokenFileJson.Default.SortedDictionaryStringString);

    /// <summary>Reads the bytes; every slot and value is checked.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? values, [NotNullWhen(false)] out string? problem)
    {
        values = null;
        problem = utf8.Length > MaxBytes ? $"the token file is larger than {MaxBytes / 1024} KiB" : null;
        if (problem is not null)
        {
            return false;
        }
        SortedDictionary<string, string>? read = null;
        try
        {
            read = JsonSerializer.Deserialize(utf8, TokenFileJson.Default.SortedDictionaryStringString);
        }
        catch (JsonException e)
        {
            // The exception's own message can quote the text.
            problem = $"the token file is not a JSON object of texts (line {e.LineNumber + 1})";
            return false;
        }
        if (read is null || read.Keys.FirstOrDefault(name => !IsSlot(name)) is not null)
        {
            problem = "the token file has a key that is not a slot such as EGRESS_TOKEN_0";
            return false;
        }
        foreach (var (slot, value) in read)
        {
            if (value is null || FindValueProblem(value) is not null)
            {
                problem = $"slot {slot}: {(value is null ? "the value is null" : FindValueProblem(value))}";
                return false;
            }
        }
        values = read;
        return true;
    }
}

/// <summary>The generated (reflection-free) reader and writer of the token file.</summary>
[JsonSourceGenerationOptions(AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class TokenFileJson : JsonSerializerContext;

using System.Text.Json;
using Bottle.Contracts.Git;
using Bottle.Contracts.Supervision;

namespace Bottle.Supervise.Tools;

/// <summary>Reads the arguments of a call strictly: an unknown name is never ignored, because a model that guesses one means something by it.</summary>
internal sealed class ToolArguments
{
    private readonly IDictionary<string, JsonElement> _values;

    /// <summary>The arguments of a tool that has these names.</summary>
    /// <exception cref="ToolInputException">There is another name.</exception>
    public ToolArguments(IDictionary<string, JsonElement>? values, params string[] names)
    {
        _values = values ?? new Dictionary<string, JsonElement>();
        if (_values.Keys.FirstOrDefault(key => !names.Contains(key)) is { } unknown)
        {
            throw new ToolInputException($"There is no argument '{Inert.Text(unknown)}'; {(names.Length == 0 ? "this tool has none" : $"the arguments are {string.Join(", ", names)}")}.");
        }
    }

    /// <summary>For a tool without arguments.</summary>
    /// <exception cref="ToolInputException">There is one.</exception>
    public static void ExpectNone(IDictionary<string, JsonElement>? values) => _ = new ToolArguments(values);

    /// <summary>A text that must be there.</summary>
    public string Text(string name, int most) => Optional(name, most) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw new ToolInputException($"The argument '{name}' is missing or empty.");

    /// <summary>A text, or null.</summary>
    public string? Optional(string name, int most)
    {
        if (!_values.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        return Read(value, $"The argument '{name}'", most);
    }

    /// <summary>A list of texts that must be there.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!_values.TryGetValue(name, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new ToolInputException($"The argument '{name}' is not a list of texts.");
        }
        return [.. list.EnumerateArray().Take(ProposalLimits.Steps + 1).Select((value, i) => Read(value, $"Entry {i + 1} of '{name}'", ProposalLimits.Step).Trim())];
    }

    private static string Read(JsonElement value, string what, int most)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new ToolInputException($"{what} is not a text.");
        }
        try
        {
            return value.GetString() is { } text && text.Length <= most ? text : throw new ToolInputException($"{what} is longer than {most} characters.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            throw new ToolInputException($"{what} is not a text.");
        }
    }
}

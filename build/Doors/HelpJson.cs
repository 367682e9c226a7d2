using System.Text.Json;
using Bottle.Build.Runs;

namespace Bottle.Build.Doors;

/// <summary>Help for programs: what there is to type, and every argument.</summary>
internal static class HelpJson
{
    /// <summary><c>{"targets": […], "arguments": [{"name", "value", "meaning"}]}</c>; an argument without a value is a flag.</summary>
    internal static string Overview() => RunJson.Document(json =>
    {
        json.WriteStartArray("targets");
        foreach (var target in TargetCatalogue.All)
        {
            json.WriteStartObject();
            Write(json, target);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("arguments");
        foreach (var argument in BottleArguments.Known) Write(json, argument);
        json.WriteEndArray();
    });

    /// <summary>One target: <c>{"name", "verb", "group", "description", "depends_on", "bare", "arguments"}</c>; <c>bare</c> is what a bare word after the verb means.</summary>
    internal static string Of(TargetInfo target) => RunJson.Document(json => Write(json, target));

    private static void Write(Utf8JsonWriter json, TargetInfo target)
    {
        json.WriteString("name", target.Name);
        json.WriteString("verb", target.Verb);
        json.WriteString("group", target.Group.ToString().ToLowerInvariant());
        json.WriteString("description", target.Description);
        json.WriteStartArray("depends_on");
        foreach (var dependency in target.Dependencies) json.WriteStringValue(dependency);
        json.WriteEndArray();
        if (target.Bare is { } bare) json.WriteString("bare", bare);
        json.WriteStartArray("arguments");
        foreach (var argument in target.Arguments) json.WriteStringValue(argument.Name);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ArgumentDefinition argument)
    {
        json.WriteStartObject();
        json.WriteString("name", argument.Name);
        if (argument.Value is { } value) json.WriteString("value", value);
        json.WriteString("meaning", argument.Meaning);
        json.WriteEndObject();
    }
}

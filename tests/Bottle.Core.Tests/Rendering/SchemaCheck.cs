using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Bottle.Core.Tests.Rendering;

/// <summary>The keywords of JSON Schema that our own schemas use; an unknown keyword is a mistake of the schema, not something to skip.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Annotations = ["$schema", "$id", "$defs", "title", "description"];

    /// <summary>What is wrong with a value, with its place; nothing when it is valid.</summary>
    public static IEnumerable<string> Problems(JsonNode? value, JsonObject schema, JsonObject root, string place = "$")
    {
        foreach (var (keyword, rule) in schema)
        {
            var problems = keyword switch
            {
                "type" => Types(rule!).Contains(TypeOf(value)) ? [] : [$"{place} is {TypeOf(value)}, not {rule!.ToJsonString()}"],
                "enum" => rule!.AsArray().Any(r => JsonNode.DeepEquals(r, value)) ? [] : [$"{place} is {value}, not one of {rule.ToJsonString()}"],
                "pattern" => value is null || Regex.IsMatch(value.GetValue<string>(), rule!.GetValue<string>()) ? [] : [$"{place} is '{value}', which {rule} does not match"],
                "$ref" => Problems(value, root["$defs"]![rule!.GetValue<string>().Split('/')[^1]]!.AsObject(), root, place),
                "items" => value is JsonArray items ? items.SelectMany((item, i) => Problems(item, rule!.AsObject(), root, $"{place}[{i}]")) : [],
                "required" => value is JsonObject o ? rule!.AsArray().Where(k => !o.ContainsKey(k!.GetValue<string>())).Select(k => $"{place} lacks {k}") : [],
                "properties" => value is JsonObject o ? o.Where(p => rule!.AsObject().ContainsKey(p.Key)).SelectMany(p => Problems(p.Value, rule![p.Key]!.AsObject(), root, $"{place}.{p.Key}")) : [],
                "additionalProperties" => Additional(value, schema, rule!, root, place),
                _ when Annotations.Contains(keyword) => [],
                _ => [$"the schema's '{keyword}' is not checked"],
            };
            foreach (var problem in problems)
                yield return problem;
        }
    }

    private static IEnumerable<string> Additional(JsonNode? value, JsonObject schema, JsonNode rule, JsonObject root, string place)
    {
        var known = schema["properties"] as JsonObject;
        var others = value is JsonObject o ? o.Where(p => known?.ContainsKey(p.Key) != true) : [];
        return rule is JsonObject inner
            ? others.SelectMany(p => Problems(p.Value, inner, root, $"{place}.{p.Key}"))
            : others.Select(p => $"{place}.{p.Key} is not in the schema");
    }

    private static IEnumerable<string> Types(JsonNode rule) => rule is JsonArray all ? all.Select(t => t!.GetValue<string>()) : [rule.GetValue<string>()];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or System.Text.Json.JsonValueKind.Null => "null",
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
        System.Text.Json.JsonValueKind.Number => value.AsValue().TryGetValue<long>(out _) ? "integer" : "number",
        { } kind => kind.ToString().ToLowerInvariant(),
    };
}

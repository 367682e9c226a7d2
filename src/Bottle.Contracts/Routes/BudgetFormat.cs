using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bottle.Contracts.Routes;

/// <summary>Budgets as JSON: egress's file of counts, and its answer to <c>/budget</c>. Readers take nothing that is not whole: a count that is missing or negative is no count.</summary>
public static class BudgetFormat
{
    /// <summary>The counts as UTF-8.</summary>
    public static byte[] Write(BudgetCounts counts) => JsonSerializer.SerializeToUtf8Bytes(counts, BudgetJson.Default.BudgetCounts);

    /// <summary>The report as UTF-8.</summary>
    public static byte[] Write(BudgetReport report) => JsonSerializer.SerializeToUtf8Bytes(report, BudgetJson.Default.BudgetReport);

    /// <summary>The counts of a file; null when it holds none.</summary>
    public static BudgetCounts? ReadCounts(ReadOnlySpan<byte> json) =>
        Parse(json, static text => JsonSerializer.Deserialize(text, BudgetJson.Default.BudgetCounts)) is { } counts
        && new[] { counts.Requests, counts.Bytes, counts.Tokens, counts.UnreadAnswers }.All(count => count is >= 0 and <= Budget.Most) ? counts : null;

    /// <summary>The report of an answer; null when it is none.</summary>
    public static BudgetReport? ReadReport(ReadOnlySpan<byte> json) =>
        Parse(json, static text => JsonSerializer.Deserialize(text, BudgetJson.Default.BudgetReport)) is { UnreadAnswers: >= 0 } report && report.ToLines().All(pair => pair.Line is { Used: >= 0, Limit: null or > 0 }) ? report : null;

    private static T? Parse<T>(ReadOnlySpan<byte> json, Reader<T> read) where T : class
    {
        try
        {
            return read(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private delegate T? Reader<T>(ReadOnlySpan<byte> json);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false, MaxDepth = 4)]
[JsonSerializable(typeof(BudgetCounts))]
[JsonSerializable(typeof(BudgetReport))]
internal sealed partial class BudgetJson : JsonSerializerContext;

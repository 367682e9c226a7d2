using System.Text;
using System.Text.Json;
using Bottle.Contracts.Routes;

namespace Bottle.Build.Runs;

/// <summary>Runs as programs read them.</summary>
internal static class RunJson
{
    /// <summary><c>{"runs": […]}</c>.</summary>
    internal static string List(IReadOnlyList<RunView> runs) => Document(json =>
    {
        json.WriteStartArray("runs");
        foreach (var run in runs)
        {
            json.WriteStartObject();
            Write(json, run);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>One run and its stages: <c>{"identity", …, "stages": [{"name", "status", "reason", "cause", "started_at", "milliseconds"}]}</c>.</summary>
    internal static string Status(RunView run, string? problem, IReadOnlyList<StageView> stages) => Document(json =>
    {
        Write(json, run);
        if (problem is not null) json.WriteString("problem", problem);
        json.WriteStartArray("stages");
        foreach (var stage in stages)
        {
            json.WriteStartObject();
            json.WriteString("name", stage.Name);
            json.WriteString("status", stage.Status);
            if (stage.Reason is not null) json.WriteString("reason", stage.Reason);
            if (stage.Record is { } record)
            {
                if (record.Cause is not null) json.WriteString("cause", record.Cause);
                json.WriteString("started_at", record.Started);
                json.WriteNumber("milliseconds", record.Milliseconds);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>Writes the members of a run.</summary>
    internal static void Write(Utf8JsonWriter json, RunView run)
    {
        json.WriteString("identity", run.Identity);
        json.WriteString("agent", run.Agent);
        json.WriteString("bottle", run.Bottle);
        if (run.Started is { } started) json.WriteString("started_at", started);
        json.WriteString("state", run.State);
        if (run.LastStage is not null) json.WriteString("last_stage", run.LastStage);
        if (run.Doing.Length > 0) json.WriteString("doing", run.Doing);
    }

    /// <summary>Writes <c>budget</c> as egress's introspection answers it; null where the run has none.</summary>
    internal static void Budget(Utf8JsonWriter json, BudgetReport? budget)
    {
        json.WritePropertyName("budget");
        if (budget is null) json.WriteNullValue();
        else json.WriteRawValue(BudgetFormat.Write(budget));
    }

    /// <summary>A JSON object, indented.</summary>
    internal static string Document(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

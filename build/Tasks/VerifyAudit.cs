using System.Globalization;
using System.Text;
using System.Text.Json;
using Bottle.Build.Doors;
using Bottle.Contracts.Audit;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Audit;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Holds the audit logs of this home against their chains and against each other; only looks. It does not defend against the operator's own account.</summary>
[TaskDescription("Checks the audit logs for missing, changed, moved or truncated lines")]
[Takes("bottle")]
internal sealed class VerifyAudit : FrostingTask<BottleContext>
{
    public override void Run(BottleContext context)
    {
        var reports = AuditCheck.Run(context.Home, context.Arguments.Bottle);
        context.Console.Data.WriteLine(context.Arguments.Json ? Json(reports) : Text(reports));
        var broken = reports.Where(report => !report.Verdict.IsWhole).ToList();
        if (broken.Count > 0) throw new BottleException([.. broken.Select(report => AuditErrors.Broken(report.Path, [.. report.Verdict.Problems.Select(Sentence)]))]);
    }

    private static string Text(IReadOnlyList<AuditReport> reports)
    {
        if (reports.Count == 0) return "no audit log yet";
        var text = new StringBuilder();
        foreach (var (path, _, verdict) in reports)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(verdict.IsWhole ? "whole " : "BROKEN")}  {path}: {verdict.Records} records, head {verdict.Head[..12]}\n");
            foreach (var problem in verdict.Problems) text.Append(CultureInfo.InvariantCulture, $"        {Sentence(problem)}\n");
            foreach (var note in verdict.Notes) text.Append(CultureInfo.InvariantCulture, $"        note: {Sentence(note)}\n");
        }
        return text.Append("This finds what others changed; whoever has your account can write all of it anew.").ToString();
    }

    private static string Json(IReadOnlyList<AuditReport> reports)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("files");
            foreach (var (path, identity, verdict) in reports)
            {
                json.WriteStartObject();
                json.WriteString("path", path);
                json.WriteString("identity", identity);
                json.WriteBoolean("whole", verdict.IsWhole);
                json.WriteNumber("records", verdict.Records);
                json.WriteString("head", verdict.Head);
                Problems(json, "problems", verdict.Problems);
                Problems(json, "notes", verdict.Notes);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Problems(Utf8JsonWriter json, string name, IReadOnlyList<AuditProblem> problems)
    {
        json.WriteStartArray(name);
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteNumber("line", problem.Line);
            json.WriteString("fault", problem.Fault.ToString().ToLowerInvariant());
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Sentence(AuditProblem problem) => problem.Line == 0 ? problem.Message : string.Create(CultureInfo.InvariantCulture, $"line {problem.Line}: {problem.Message}");
}

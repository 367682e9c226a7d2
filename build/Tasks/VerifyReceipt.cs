using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Audit;
using Bottle.Host.Receipts;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Holds a receipt against itself, against the records beside it and against the audit log: hashes and sums are computed again. Only looks.</summary>
[TaskDescription("Checks a receipt against the records it names (--bottle, or --file for one elsewhere)")]
[Takes("bottle", "file")]
internal sealed class VerifyReceipt : FrostingTask<BottleContext>
{
    public override void Run(BottleContext context)
    {
        var file = context.Arguments.File is { } named ? context.UserPath(named) : null;
        var report = ReceiptCheck.Run(file ?? Receipt.PathOf(context, nameof(VerifyReceipt)), HomeAudit(context, file),
            () => file is null ? Receipt.Missing(context) : ViewErrors.ReceiptUnreadable(file, "there is no such file"));
        context.Console.Data.WriteLine(context.Arguments.Json ? Json(report) : ReceiptText.Render(report));
        if (report.Problems.Count > 0) throw new BottleException(ViewErrors.ReceiptBroken(report.Path, report.Problems));
    }

    // A receipt that was carried elsewhere may be of another home.
    private static string? HomeAudit(BottleContext context, string? file) =>
        file is null || Path.GetDirectoryName(Path.GetDirectoryName(file)) == context.Home.RunsRoot ? AuditLog.HomeFile(context.Home) : null;

    private static string Json(ReceiptReport report) => RunJson.Document(json =>
    {
        json.WriteString("path", report.Path);
        json.WriteString("identity", report.Receipt.Identity);
        json.WriteString("sha256", report.Sha256);
        json.WriteBoolean("holds", report.Problems.Count == 0);
        json.WriteBoolean("complete", report.Receipt.IsComplete);
        foreach (var (name, texts) in new[] { ("held", report.Held), ("problems", report.Problems), ("gaps", report.Receipt.Gaps), ("notes", report.Notes) })
        {
            json.WriteStartArray(name);
            foreach (var text in texts) json.WriteStringValue(text);
            json.WriteEndArray();
        }
    });
}

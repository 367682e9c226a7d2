using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Audit;
using Bottle.Host.Budgets;
using Bottle.Host.State;

namespace Bottle.Host.Receipts;

/// <summary>What a check of a receipt found.</summary>
/// <param name="Path">The file.</param>
/// <param name="Receipt">What it says.</param>
/// <param name="Sha256">The hash that it ends in.</param>
/// <param name="Held">What was computed again and fits, sentences.</param>
/// <param name="Problems">What does not hold.</param>
/// <param name="Notes">What could not be checked, and what went on since.</param>
public sealed record ReceiptReport(string Path, Receipt Receipt, string Sha256, IReadOnlyList<string> Held, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes);

/// <summary>
/// Holds a receipt against itself and against the records beside it: hashes are computed again, requests counted again, the audit chain held against the recorded head. Only looks.
/// It does not defend against the operator's own account, which can write all of these files anew.
/// </summary>
public sealed class ReceiptCheck
{
    private readonly List<string> held = [];
    private readonly List<string> problems = [];
    private readonly List<string> notes = [];
    private readonly string folder;
    private readonly Receipt receipt;

    private ReceiptCheck(string folder, Receipt receipt)
    {
        this.folder = folder;
        this.receipt = receipt;
    }

    /// <summary>Reads a receipt's file; BTL5403 when it is not there, BTL5404 when it is none.</summary>
    public static (Receipt Receipt, string Sha256, bool IsAsWritten) Read(string path, Func<Diagnostic> missing)
    {
        try
        {
            if (SafeReading.Read(path, ReceiptFormat.MaxLength) is not var (content, _))
                throw new BottleException(missing());
            return ReceiptFormat.Read(content, out var isAsWritten, out var problem) is { } receipt
                ? (receipt, ReceiptFormat.HashIn(content), isAsWritten)
                : throw new BottleException(ViewErrors.ReceiptUnreadable(path, problem));
        }
        catch (IOException e)
        {
            throw new BottleException(ViewErrors.ReceiptUnreadable(path, e.Message), e);
        }
    }

    /// <summary>Checks a receipt and what lies beside it; <paramref name="homeAudit"/> is the audit log over all runs, null where it is not at hand.</summary>
    public static ReceiptReport Run(string path, string? homeAudit, Func<Diagnostic> missing)
    {
        var (receipt, hash, isAsWritten) = Read(path, missing);
        var check = new ReceiptCheck(Path.GetDirectoryName(Path.GetFullPath(path))!, receipt);
        check.Judge(isAsWritten, "its own hash fits", "its own hash does not fit: it is not as it was written");
        check.Files();
        check.Chains(homeAudit);
        check.Traffic();
        check.Budget();
        if (receipt.Pushes is { Count: > 0 })
            check.notes.Add("pushes are as the git-gate logged them; that log went with its container");
        if (receipt.Images.Count > 0)
            check.notes.Add("image ids are as the engine gave them at the end");
        return new ReceiptReport(path, receipt, hash, check.held, check.problems, check.notes);
    }

    private void Files()
    {
        foreach (var said in receipt.Files)
        {
            // A name with a folder in it was never written by Bottle.
            var now = Path.GetFileName(said.Name) == said.Name ? ReceiptWriter.File(folder, said.Name) : null;
            if (now is null)
                problems.Add($"{InertText.Excerpt(said.Name)} is not there any more");
            else
                Judge(now == said, $"{said.Name} is as it was, {said.Bytes} bytes", $"{said.Name} is not as it was: {now.Bytes} bytes with SHA-256 {now.Sha256[..12]}…, not {said.Bytes} with {said.Sha256[..Math.Min(12, said.Sha256.Length)]}…");
        }
        if (receipt.Plan is { } plan)
            Judge(receipt.Files.Any(file => file.Name == RunRecords.Plan && file.Sha256 == plan.Sha256), $"the plan's hash is that of {RunRecords.Plan}", $"the plan's hash is not that of {RunRecords.Plan}");
    }

    private void Chains(string? homeAudit)
    {
        var own = ReceiptSources.AuditBytes(Path.Combine(folder, AuditLog.FileName));
        Chain("the run's audit log", own, receipt.Audit.Run, receipt.Identity);
        var decisions = ReceiptSources.Decisions(ReceiptSources.Audit(own).Where(record => record.Seq <= receipt.Audit.Run.Records));
        Judge(decisions.SequenceEqual(receipt.Decisions), $"{decisions.Count} decisions are those of the audit log", "its decisions are not those of the audit log");
        if (homeAudit is null)
            notes.Add("the audit log over all runs is not at hand");
        else
            Chain("the audit log over all runs", ReceiptSources.AuditBytes(homeAudit), receipt.Audit.Home, null);
    }

    private void Chain(string name, byte[]? file, ReceiptHead said, string? identity)
    {
        if (file is null)
        {
            Judge(said.Records == 0, $"{name} has no record, as is said", $"{name} is gone; it had {said.Records} records");
            return;
        }
        var verdict = AuditVerifier.Verify(file, identity);
        var before = problems.Count;
        problems.AddRange(verdict.Problems.Select(problem => $"{name}, line {problem.Line}: {problem.Message}"));
        var records = ReceiptSources.Audit(file);
        var there = said.Records == 0 ? said.Head == AuditChain.Start : records.Any(record => record.Seq == said.Records && record.Hash == said.Head);
        if (!there)
            problems.Add($"{name} does not hold record {said.Records} with the hash that is said: it was cut off or rewritten");
        if (problems.Count > before)
            return;
        held.Add($"{name} is whole, and holds the recorded head of {said.Records} records");
        if (records.Count > said.Records)
            notes.Add($"{name} went on since: {records.Count - said.Records} records more");
    }

    private void Traffic()
    {
        var said = receipt.Traffic;
        var now = ReceiptSources.Traffic(folder, null).Traffic;
        // Names of secrets come from the plan, and are held by its hash.
        var fits = now.Total == said.Total && now.Unreadable == said.Unreadable && now.Hosts.SequenceEqual(said.Hosts)
            && now.Credentials.Select(c => (c.Slot, c.Sums)).SequenceEqual(said.Credentials.Select(c => (c.Slot, c.Sums)));
        Judge(fits, $"its sums are those of the request log, {now.Total.Requests} requests", $"its sums are not those of the request log, which has {now.Total.Requests} requests");
    }

    // The limits are held by the plan's hash.
    private void Budget()
    {
        // What was not known then is a gap, and nothing to compare.
        if (receipt.Budget is not { Error: null } said)
            return;
        var limits = said.ToLines().Aggregate(new Budget(), (budget, pair) => pair.Line.Limit is { } limit and >= 0 && limit <= pair.Kind.Most() ? budget.With(pair.Kind, limit) : budget);
        Judge(CountsFile.Read(Path.Combine(folder, RunRecords.Budget)).Against(limits, receipt.EndedAt) == said, $"what it says of the budget is what {RunRecords.Budget} holds", $"what it says of the budget is not what {RunRecords.Budget} holds");
    }

    private void Judge(bool fits, string good, string bad) => (fits ? held : problems).Add(fits ? good : bad);
}

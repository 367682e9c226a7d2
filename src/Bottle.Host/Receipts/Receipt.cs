using System.Text.Json.Serialization;
using Bottle.Contracts.Routes;

namespace Bottle.Host.Receipts;

/// <summary>What a run was and did, in one document that can be checked afterwards (SPEC N6; <c>schemas/receipt.schema.json</c>): <c>runs/&lt;identity&gt;/receipt.json</c>.</summary>
public sealed record Receipt
{
    /// <summary>The format's version.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public required int V { get; init; }

    /// <summary>The run.</summary>
    public required string Identity { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>The bottle's name.</summary>
    public required string Bottle { get; init; }

    /// <summary>Whose run it was: the value of the label <c>bottle.home</c>.</summary>
    public required string Home { get; init; }

    /// <summary>When it was launched, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this was written, UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The agent's exit code; null when nobody saw it end.</summary>
    public int? AgentExit { get; init; }

    /// <summary>What is not known, and why, sentences; a receipt without any is complete.</summary>
    public required IReadOnlyList<string> Gaps { get; init; }

    /// <summary>The plan in force at the end; null when the run never came so far.</summary>
    public ReceiptPlan? Plan { get; init; }

    /// <summary>The images that its containers were made of.</summary>
    public required IReadOnlyList<ReceiptImage> Images { get; init; }

    /// <summary>What was decided about its policy, by whom, and which revision came of it; the launch itself is revision 1.</summary>
    public required IReadOnlyList<ReceiptDecision> Decisions { get; init; }

    /// <summary>Where the audit logs stood.</summary>
    public required ReceiptAudit Audit { get; init; }

    /// <summary>What was pushed, or refused, as the git-gate logged it; null when the bottle has none.</summary>
    public IReadOnlyList<ReceiptPush>? Pushes { get; init; }

    /// <summary>Requests and bytes by host and by credential, counted from the kept request log.</summary>
    public required ReceiptTraffic Traffic { get; init; }

    /// <summary>What was used of the run's budget, and of how much at the end; null when it had none, and in receipts of versions without budgets.</summary>
    public BudgetReport? Budget { get; init; }

    /// <summary>The records that lay beside this one, by content.</summary>
    public required IReadOnlyList<ReceiptFile> Files { get; init; }

    /// <summary>Whether nothing is missing.</summary>
    [JsonIgnore]
    public bool IsComplete => Gaps.Count == 0;
}

/// <summary>A plan by its revision and the SHA-256 of <c>plan.json</c> as it was in force.</summary>
public sealed record ReceiptPlan(int Revision, string Sha256);

/// <summary>An image: the service, the reference it was asked for by, and the id of what ran.</summary>
public sealed record ReceiptImage(string Service, string Image, string Id);

/// <summary>One decision about the policy.</summary>
/// <param name="Seq">Its record in the run's audit log.</param>
/// <param name="Time">UTC.</param>
/// <param name="Event">approved, rejected, edited, extended or lease-ended.</param>
/// <param name="Actor">Who decided.</param>
/// <param name="Question">What was decided about; inert, an excerpt.</param>
/// <param name="DiffSha256">The diff that was granted; null for a refusal.</param>
/// <param name="Revision">The revision that came of it; null when none did.</param>
public sealed record ReceiptDecision(long Seq, DateTimeOffset Time, string Event, string Actor, string Question, string? DiffSha256, int? Revision);

/// <summary>Where both audit logs stood.</summary>
/// <param name="Run">The run's own.</param>
/// <param name="Home">The one over all runs.</param>
public sealed record ReceiptAudit(ReceiptHead Run, ReceiptHead Home);

/// <summary>The end of an audit log: how many records, and the hash of the last one (64 zeros without any).</summary>
public sealed record ReceiptHead(long Records, string Head);

/// <summary>One push as the git-gate logged it.</summary>
/// <param name="Time">The gate's time, UTC.</param>
/// <param name="Repository">The remote's name.</param>
/// <param name="Decision">What the gate says became of it.</param>
/// <param name="Refs">What was to move, <c>old..new ref</c>; inert. Empty when nothing was read of it.</param>
/// <param name="Codes">Why it was refused.</param>
public sealed record ReceiptPush(string Time, string Repository, string Decision, IReadOnlyList<string> Refs, IReadOnlyList<string> Codes);

/// <summary>Sums over the request log.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Hosts">By host with its port, the busiest first.</param>
/// <param name="Credentials">By credential that egress set.</param>
/// <param name="Unreadable">Lines that were no request's.</param>
public sealed record ReceiptTraffic(ReceiptSums Total, IReadOnlyList<ReceiptHost> Hosts, IReadOnlyList<ReceiptCredential> Credentials, long Unreadable);

/// <summary>Requests and body bytes: <paramref name="BytesIn"/> from the agent, <paramref name="BytesOut"/> to it.</summary>
public sealed record ReceiptSums(long Requests, long Denied, long Failed, long BytesIn, long BytesOut);

/// <summary>The sums of one host; inert.</summary>
public sealed record ReceiptHost(string Host, ReceiptSums Sums);

/// <summary>The sums of one slot and the name of the secret that fills it, null when the last plan does not know it.</summary>
public sealed record ReceiptCredential(string Slot, string? Secret, ReceiptSums Sums);

/// <summary>A file beside the receipt.</summary>
public sealed record ReceiptFile(string Name, long Bytes, string Sha256);

namespace Bottle.Contracts.Supervision;

/// <summary>Reads and writes <c>queue/answers/&lt;id&gt;.json</c> (schema: <c>schemas/answer.schema.json</c>): snake_case, unknown, missing and double members are errors, equal input gives equal bytes.</summary>
public static class AnswerFormat
{
    private const string Kind = "answer";

    /// <summary>The text of a file, ending in a line feed; a reason beyond <see cref="ProposalLimits.AnswerReason"/> is cut there, because an answer must arrive.</summary>
    public static string Write(Answer answer) => SupervisionFiles.Write(new AnswerJson
    {
        V = answer.V,
        Id = answer.Id,
        Decision = answer.Decision.Name(),
        Reason = answer.Reason is { Length: > ProposalLimits.AnswerReason } reason ? Cut(reason) : answer.Reason,
        Lease = answer.Lease,
        DiffSha256 = answer.DiffSha256,
        Changed = answer.Changed,
    }, SupervisionJson.Default.AnswerJson);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">Everything that is wrong, one line each.</exception>
    public static Answer Read(string json)
    {
        var file = SupervisionFiles.Parse(json, Kind, SupervisionJson.Default.AnswerJson);
        SupervisionFiles.Check(Kind, Problems(file));
        return new Answer
        {
            V = Answer.CurrentVersion,
            Id = file.Id!,
            Decision = AnswerDecisionNames.Parse(file.Decision)!.Value,
            Reason = file.Reason,
            Lease = file.Lease,
            DiffSha256 = file.DiffSha256,
            Changed = file.Changed!.Value,
        };
    }

    // Never within a surrogate pair: half of one is no text.
    private static string Cut(string reason) => reason[..(char.IsHighSurrogate(reason[ProposalLimits.AnswerReason - 2]) ? ProposalLimits.AnswerReason - 2 : ProposalLimits.AnswerReason - 1)] + "…";

    private static IEnumerable<string> Problems(AnswerJson file)
    {
        if (file.V != Answer.CurrentVersion)
        {
            yield return $"'v' is not {Answer.CurrentVersion}";
        }
        if (!SupervisionFiles.IsId(file.Id))
        {
            yield return "'id' is not 1 to 64 lower-case letters, digits and hyphens";
        }
        if (AnswerDecisionNames.Parse(file.Decision) is null)
        {
            yield return "'decision' is not approved, approved_with_changes, rejected, applied or failed";
        }
        if (file.Reason is { Length: > ProposalLimits.AnswerReason })
        {
            yield return $"'reason' is longer than {ProposalLimits.AnswerReason} characters";
        }
        if (file.Lease is { } lease && (lease.Length is 0 or > ProposalLimits.Lease || lease.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            yield return $"'lease' is not 1 to {ProposalLimits.Lease} printable characters without a space";
        }
        if (file.DiffSha256 is not null && !SupervisionFiles.IsHash(file.DiffSha256))
        {
            yield return "'diff_sha256' is not 64 lower-case hex digits";
        }
        if (file.Changed is null)
        {
            yield return "'changed' is missing";
        }
    }
}

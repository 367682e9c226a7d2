using Bottle.Contracts.Routes;
using Bottle.Host.State;

namespace Bottle.Host.Budgets;

/// <summary>Egress's file of counts as it was at one moment.</summary>
/// <param name="Content">Its bytes; null when there is none, or something else in its place.</param>
/// <param name="Problem">Why it cannot be read; null when it can, or is not there: then egress has not counted yet.</param>
internal sealed record CountsFile(byte[]? Content, string? Problem)
{
    // A few numbers; more than that is no file of egress's.
    private const long Largest = 4096;

    /// <summary>Reads a file: no link is followed, nothing but a regular file taken.</summary>
    public static CountsFile Read(string path)
    {
        try
        {
            return SafeReading.Read(path, Largest) is var (content, _) ? new(content, BudgetFormat.ReadCounts(content) is null ? $"{Path.GetFileName(path)} holds no counts" : null) : new(null, null);
        }
        catch (IOException e)
        {
            return new(null, e.Message);
        }
    }

    /// <summary>How a budget stands by it; null without limits.</summary>
    public BudgetReport? Against(Budget? limits, DateTimeOffset now)
    {
        var counts = Content is null ? null : BudgetFormat.ReadCounts(Content);
        return limits is null ? null : BudgetReport.Of(limits, counts?.At(now) ?? new BudgetUse { Minutes = 0, Requests = 0, Bytes = 0, Tokens = 0, UnreadAnswers = 0 }, Problem);
    }
}

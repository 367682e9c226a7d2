using System.Diagnostics;
using Bottle.Contracts.Supervision;

namespace Bottle.Supervise.Tests.Harness;

/// <summary>The operator's side of a queue: reads proposals and writes answers, atomically, as the product's does.</summary>
internal sealed class QueueSide
{
    private readonly string _folder;

    public QueueSide(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(Proposals);
        Directory.CreateDirectory(Answers);
    }

    public string Folder => _folder;

    public string Proposals => Path.Combine(_folder, "proposals");

    public string Answers => Path.Combine(_folder, "answers");

    public IReadOnlyList<Proposal> Open => [.. Directory.GetFiles(Proposals, "*.json").Select(TryRead).OfType<Proposal>().OrderBy(proposal => proposal.Created)];

    /// <summary>Waits until so many proposals are open.</summary>
    public async Task<IReadOnlyList<Proposal>> WaitForAsync(int count)
    {
        await Eventually.HoldsAsync(() => Open.Count == count, () => $"{Open.Count} proposals instead of {count}");
        return Open;
    }

    /// <summary>Waits for one open proposal.</summary>
    public async Task<Proposal> WaitForOneAsync() => (await WaitForAsync(1))[0];

    public void Answer(Proposal proposal, AnswerDecision decision, string? reason = null, string? lease = null, bool changed = false) =>
        WriteAnswer(proposal.Id, AnswerFormat.Write(new Answer { V = Bottle.Contracts.Supervision.Answer.CurrentVersion, Id = proposal.Id, Decision = decision, Reason = reason, Lease = lease, Changed = changed }));

    public void WriteAnswer(string id, string text)
    {
        var half = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(half, text);
        File.Move(half, Path.Combine(Answers, id + ".json"), overwrite: true);
    }

    public static void MakePipe(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.That(made.ExitCode, Is.Zero);
    }

    // One may go between the listing and the reading.
    private static Proposal? TryRead(string file)
    {
        try
        {
            return ProposalFormat.Read(File.ReadAllText(file));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

using System.Text;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Host.Supervision;

/// <summary>
/// One bottle's queue as the operator's side sees it (SPEC I3, B9): proposals are a container's, so they are read without following links, regular files only, a bounded number of bounded size, and every one is judged anew;
/// answers are the operator's, and only this side can write them.
/// </summary>
/// <param name="state">The run.</param>
/// <param name="owner">The containers' user, who must be able to read answers.</param>
public sealed class ProposalFolder(StateDirectory state, RunAs? owner)
{
    private const string Ending = ".json";

    // The sidecar keeps to the limit of open ones; what is beyond twice that was not put there by a question.
    private const int MostEntries = 2 * ProposalLimits.Open;

    // Names that are looked at in any case, those of files that are being written too: a folder may hold a million of them.
    private const int MostNames = 4 * MostEntries;

    /// <summary>Everything in the folder of proposals.</summary>
    public QueueContent Read()
    {
        var proposals = new List<Proposal>();
        var unreadable = new List<UnreadableEntry>();
        var (names, isMore) = Names(StateLayout.SuperviseProposals, MostNames);
        foreach (var name in names.Take(MostEntries))
        {
            try
            {
                proposals.Add(ReadProposal(name));
            }
            catch (FileNotFoundException)
            {
                // Delivered since it was listed.
            }
            catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
            {
                unreadable.Add(new(InertText.Excerpt(name), Problem(e)));
            }
        }
        return new([.. proposals.OrderBy(p => p.Created).ThenBy(p => p.Id, StringComparer.Ordinal)], unreadable, isMore || names.Count > MostEntries);
    }

    /// <summary>One open question; null when there is none of this id, or none that can be read.</summary>
    public Proposal? Find(string id)
    {
        if (!SupervisionFiles.IsId(id))
            return null;
        try
        {
            return ReadProposal(id + Ending);
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The answer that was given; null without one.</summary>
    public Answer? FindAnswer(string id)
    {
        try
        {
            return SafeReading.Read(Answers(id), ProposalLimits.FileBytes) is var (content, _) ? AnswerFormat.Read(Encoding.UTF8.GetString(content)) : null;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Gives or replaces an answer; the sidecar sees the old or the new one, whole. Disk errors are BTL3106.</summary>
    public void Write(Answer answer) => state.Writer(owner).Write($"{StateLayout.SuperviseAnswers}/{answer.Id}{Ending}", AnswerFormat.Write(answer));

    /// <summary>Removes final answers that have been delivered: their questions are gone.</summary>
    public void RemoveDelivered()
    {
        foreach (var name in Names(StateLayout.SuperviseAnswers, int.MaxValue).Names.Where(name => SupervisionFiles.IsId(IdOf(name))))
        {
            var id = IdOf(name)!;
            if (FindAnswer(id) is { IsFinal: true } && NativeFile.Look(Proposals(id)) is null)
                File.Delete(Answers(id));
        }
    }

    private Proposal ReadProposal(string name)
    {
        if (IdOf(name) is not { } id || !SupervisionFiles.IsId(id))
            throw new FormatException("its name is no proposal's");
        var (content, truncated) = SafeReading.Read(Proposals(id), ProposalLimits.FileBytes) ?? throw new FileNotFoundException();
        if (truncated)
            throw new FormatException($"it is larger than {ProposalLimits.FileBytes / 1024} KiB");
        var proposal = ProposalFormat.Read(Encoding.UTF8.GetString(content));
        return proposal.Id == id ? proposal : throw new FormatException("it says that it is another one");
    }

    /// <summary>Names of entries in ordinal order, of the first so many that the folder gives, and whether there are more; those that begin with a point are being written.</summary>
    private (List<string> Names, bool IsMore) Names(string folder, int most)
    {
        if (NativeFile.Look(state[folder]) is not { IsDirectory: true })
            return ([], false);
        var all = Directory.EnumerateFileSystemEntries(state[folder]).Take(most == int.MaxValue ? most : most + 1).Select(path => Path.GetFileName(path)).ToList();
        var names = all.Take(most).Where(name => !name.StartsWith('.')).ToList();
        names.Sort(StringComparer.Ordinal);
        return (names, all.Count > most);
    }

    private static string? IdOf(string name) => name.EndsWith(Ending, StringComparison.Ordinal) ? name[..^Ending.Length] : null;

    // The path of the host is nobody's business where this is shown.
    private static string Problem(Exception e) => e switch
    {
        FormatException => InertText.Excerpt(e.Message.Split('\n')[0], 200),
        UnauthorizedAccessException => "it cannot be read",
        _ => e.Message.EndsWith("is not a regular file", StringComparison.Ordinal) ? "it is not a regular file" : "it cannot be read",
    };

    private string Proposals(string id) => Path.Combine(state[StateLayout.SuperviseProposals], id + Ending);

    private string Answers(string id) => Path.Combine(state[StateLayout.SuperviseAnswers], id + Ending);
}

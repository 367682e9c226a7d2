using System.Text;
using Bottle.Contracts.Supervision;

namespace Bottle.Supervise.Queue;

/// <summary>The queue on disk: <c>proposals</c>, which only this sidecar writes, and <c>answers</c>, which only the operator's side does.</summary>
internal sealed class QueueFolder(string folder)
{
    private const string Ending = ".json";
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Proposals => Path.Combine(folder, "proposals");

    private string Answers => Path.Combine(folder, "answers");

    /// <summary>What is wrong with the folders; null when they are there.</summary>
    public string? FindProblem() =>
        !Directory.Exists(Proposals) ? $"the folder {Proposals} is missing"
        : !Directory.Exists(Answers) ? $"the folder {Answers} is missing"
        : null;

    /// <summary>Every file of <c>proposals</c> that can be read, oldest first. Others are what a killed sidecar left half-written, and are removed and told.</summary>
    public IReadOnlyList<Proposal> ReadProposals(Action<string> say)
    {
        if (FindProblem() is { } problem)
        {
            throw new IOException(problem);
        }
        var proposals = new List<Proposal>();
        foreach (var file in new DirectoryInfo(Proposals).EnumerateFiles().ToArray())
        {
            try
            {
                var proposal = ProposalFormat.Read(ReadBounded(file));
                if (file.Name != proposal.Id + Ending)
                {
                    throw new FormatException("the file is named otherwise than its proposal");
                }
                proposals.Add(proposal);
            }
            catch (FormatException e)
            {
                say($"removed proposals/{file.Name}: {e.Message}");
                file.Delete();
            }
        }
        return [.. proposals.OrderBy(proposal => proposal.Created)];
    }

    /// <summary>Writes a proposal, whole or not at all.</summary>
    public void Write(string id, string text)
    {
        var half = Path.Combine(Proposals, $".{id}.half");
        try
        {
            using (var stream = new FileStream(half, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode }))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
            File.Move(half, FileOf(id));
        }
        catch (IOException)
        {
            File.Delete(half);
            throw;
        }
    }

    /// <summary>Removes a proposal; one that is gone is no error.</summary>
    public void Remove(string id) => File.Delete(FileOf(id));

    /// <summary>Whether a proposal or an answer of this name is there.</summary>
    public bool Has(string id) => File.Exists(FileOf(id)) || File.Exists(AnswerOf(id));

    /// <summary>The answer as it stands; null without any.</summary>
    /// <exception cref="FormatException">There is a file that is no answer to this proposal.</exception>
    public Answer? ReadAnswer(string id)
    {
        var file = new FileInfo(AnswerOf(id));
        if (!file.Exists && file.LinkTarget is null)
        {
            return null;
        }
        var answer = AnswerFormat.Read(ReadBounded(file));
        return answer.Id == id ? answer : throw new FormatException("answer: it names another proposal");
    }

    /// <summary>The text of a regular file; anything else (a link, a pipe, a device: these have no length) is refused before it is opened.</summary>
    private static string ReadBounded(FileInfo file)
    {
        if (file.LinkTarget is not null || file.Length is 0 or > ProposalLimits.FileBytes)
        {
            throw new FormatException($"not a regular file of 1 to {ProposalLimits.FileBytes} bytes");
        }
        try
        {
            return File.ReadAllText(file.FullName, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private string FileOf(string id) => Path.Combine(Proposals, id + Ending);

    private string AnswerOf(string id) => Path.Combine(Answers, id + Ending);
}

using System.Text;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Rendering;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Apply;

/// <summary>Opens routes in the operator's editor: a 0600 file of its own in home, never one that a container wrote (SPEC B9, J2).</summary>
public sealed class RouteEditor(BottleHome home, ICommandRunner runner)
{
    private const string FallBack = "vi";
    private static readonly TimeSpan MayEnd = TimeSpan.FromSeconds(2);
    private static readonly string[] Variables = ["VISUAL", "EDITOR"];

    /// <summary>The text that an editor gets: a table as routes.yaml has it, with a word on what to do.</summary>
    public static string Text(RoutesFile table, string what) =>
        $"# {what}\n# Save and leave the editor; leave it as it is to change nothing. 'version' and 'generation' are not yours to change.\n" + RoutesRenderer.Write(table);

    /// <summary>Lets the operator edit a text and returns what was saved; BTL7109 when the editor does not end well, BTL7120 when there is none.</summary>
    public async Task<string> EditAsync(string text, CancellationToken cancellationToken)
    {
        SafeFolder.Create(home.Root);
        var path = Path.Combine(home.Root, $"edit-{Guid.NewGuid():N}.yaml");
        AtomicFile.Write(path, text, AtomicFile.Secret);
        try
        {
            var editor = Editor();
            var code = await OpenAsync(editor, path, cancellationToken).ConfigureAwait(false);
            if (code != 0)
                throw new BottleException(ApprovalErrors.EditorFailed(editor[0], code > 128 ? $"it was ended by signal {code - 128}" : $"exit code {code}"));
            return SafeReading.Read(path, RoutesReader.MaxLength * 4L) is var (content, _) ? Encoding.UTF8.GetString(content) : throw new BottleException(ApprovalErrors.EditorFailed(editor[0], "the file is gone"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The routes and the budget of an edited text; BTL7110 with everything that is wrong. <paramref name="table"/> is what was opened.</summary>
    public static RoutesFile Read(string text, RoutesFile table)
    {
        var result = RoutesReader.Read(text);
        if (result.File is not { } file)
            throw new BottleException([.. result.Problems.Select(problem => ApprovalErrors.EditUnusable(problem.ToString()))]);
        return file.Generation == table.Generation && file.Pipelock == table.Pipelock ? file : throw new BottleException(ApprovalErrors.EditUnusable("'generation' and 'pipelock' are Bottle's to set"));
    }

    /// <summary>The one route of a text that was opened with one; BTL7110 as above, also for anything beside it.</summary>
    public static Route ReadOne(string text, RoutesFile table) =>
        Read(text, table) is { Routes: [var route], Budget: null } ? route : throw new BottleException(ApprovalErrors.EditUnusable("write one route"));

    private async Task<int> OpenAsync(string[] editor, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await runner.AttachAsync(new Command(editor[0], [.. editor[1..], path]) { EndsDescendants = true, Grace = MayEnd }, cancellationToken).ConfigureAwait(false);
        }
        catch (BottleException missing) when (missing.Diagnostics[0].Code == EngineErrors.ExecutableMissingCode)
        {
            throw new BottleException(ApprovalErrors.EditorMissing(editor[0]), missing);
        }
    }

    // Words, no shell: EDITOR="code --wait".
    private static string[] Editor()
    {
        var words = Variables.Select(name => Environment.GetEnvironmentVariable(name)?.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(found => found is { Length: > 0 });
        return words ?? [FallBack];
    }
}

using System.Globalization;

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL55xx: the directory that an agent works in, and the way home of what it did there.</summary>
public static class WorkspaceErrors
{
    /// <summary>BTL5501: <c>--cwd</c> or <c>--mount</c> names no directory.</summary>
    public static Diagnostic NotADirectory(string path) => new()
    {
        Code = "BTL5501",
        Message = $"'{InertText.Excerpt(path, 200)}' is no directory",
        Fix = "name the project's folder: --cwd=../app, or --cwd alone for the folder where you type",
    };

    /// <summary>BTL5502: a directory that holds more than a project.</summary>
    public static Diagnostic DirectoryRefused(string path, string reason) => new()
    {
        Code = "BTL5502",
        Message = $"'{InertText.Excerpt(path, 200)}' is not given to an agent: {reason}",
        Why = "an agent would get keys, histories and credentials that belong to no project",
        Fix = "name the folder of one project",
    };

    /// <summary>BTL5503: git does not work in the directory.</summary>
    public static Diagnostic GitRefused(string path, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL5503",
        Message = $"git cannot read the repository in '{InertText.Excerpt(path, 200)}'",
        Why = $"without git it is not known which files are ignored, and those are not copied; it said:\n{string.Join('\n', lastLines)}",
        Fix = "mend what git says, for example the folder's owner; 'git -C DIR status' must work",
    };

    /// <summary>BTL5504: more than a bottle takes; <paramref name="limit"/> is the limit in words.</summary>
    public static Diagnostic TooLarge(string path, string limit) => new()
    {
        Code = "BTL5504",
        Message = $"'{InertText.Excerpt(path, 200)}' holds more than {limit}",
        Why = "the whole directory is copied for the agent, and kept a second time so that its changes can be told",
        Fix = "name a smaller folder, ignore what is generated in .gitignore, raise limits.disk, or use --mount",
    };

    /// <summary>BTL5505: the disk, or git, failed while the directory was copied.</summary>
    public static Diagnostic CopyFailed(string path, string reason) => new()
    {
        Code = "BTL5505",
        Message = $"'{InertText.Excerpt(path, 200)}' could not be copied: {InertText.Line(reason)}",
        Fix = "mend the reason and start again; nothing in the directory was changed",
    };

    /// <summary>BTL5506: the agent's work stays where it is because it could not be saved.</summary>
    public static Diagnostic SaveFailed(string identity, string folder, string reason) => new()
    {
        Code = "BTL5506",
        Message = $"what the agent of {identity} changed could not be saved: {InertText.Line(reason)}",
        Why = $"nothing of it is lost: its files are kept in {folder}",
        Fix = $"mend the reason, then: dotnet cake --target=SaveWork --bottle={identity}; to let the work go: dotnet cake --target=Cleanup --bottle={identity} --force=SaveWork",
    };

    /// <summary>BTL5507: there is no patch of that run.</summary>
    public static Diagnostic NothingSaved(string identity) => new()
    {
        Code = "BTL5507",
        Message = $"nothing is saved of a working directory of '{identity}'",
        Fix = "only a run that was started with --cwd has one; dotnet cake --target=List shows the runs that exist",
    };

    /// <summary>BTL5508: the directory is not as the patch needs it.</summary>
    public static Diagnostic PatchDoesNotFit(string directory, string patch, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL5508",
        Message = $"the agent's changes do not fit '{InertText.Excerpt(directory, 200)}' any more",
        Why = $"it was changed in these places since it was copied, and nothing of the patch was applied:\n{string.Join('\n', lastLines)}",
        Fix = $"undo what was changed there, also what an earlier Bring wrote; or, in that folder, write what fits and keep the rest in *.rej files: git apply --reject '{InertText.Excerpt(patch, 200)}'",
    };

    /// <summary>BTL5509: nobody has seen what would be written.</summary>
    public static Diagnostic NobodyToAsk(string identity) => new()
    {
        Code = "BTL5509",
        Message = "the agent's changes must be looked at before they are written, and standard input is no terminal",
        Fix = $"read them (dotnet cake --target=Changes --bottle={identity}), then add --yes",
    };

    /// <summary>BTL5510: the person said no.</summary>
    public static Diagnostic NotBrought() => new()
    {
        Code = "BTL5510",
        Message = "nothing is written: the question was not answered with y",
        Fix = "answer y when you want the agent's changes in your directory",
    };

    /// <summary>BTL5511: <c>--include</c> names nothing that was left out.</summary>
    public static Diagnostic NothingToInclude(string path, IReadOnlyCollection<string> leftOut) => new()
    {
        Code = "BTL5511",
        Message = $"'--include={InertText.Excerpt(path, 200)}' names no change that is left out",
        Fix = leftOut.Count == 0 ? "nothing is left out: do without it" : $"left out are: {string.Join(", ", leftOut.Take(20).Select(name => InertText.Excerpt(name, 200)))}",
    };

    /// <summary>BTL5512: the record of what was saved cannot be used.</summary>
    public static Diagnostic RecordUnreadable(string path, string reason) => new()
    {
        Code = "BTL5512",
        Message = $"{path} cannot be used: {InertText.Line(reason)}",
        Fix = "the patch beside it may still be read and applied by hand",
    };

    /// <summary>BTL5513: the copied directory is gone, so that nothing can be brought back to it.</summary>
    public static Diagnostic DirectoryGone(string directory) => new()
    {
        Code = "BTL5513",
        Message = $"the directory '{InertText.Excerpt(directory, 200)}' is not there any more",
        Fix = "put it back, or apply the patch elsewhere by hand",
    };

    /// <summary>BTL5514: some of the agent's work is beyond what is taken home.</summary>
    public static Diagnostic SavedInPart(string identity, string folder, int notTaken) => new()
    {
        Code = "BTL5514",
        Message = string.Create(CultureInfo.InvariantCulture, $"what the agent of {identity} changed was saved but for {notTaken} new or large files and folders, which are more than is taken home"),
        Why = $"nothing of them is lost: they are kept in {folder}; dotnet cake --target=Changes --bottle={identity} names where they lie",
        Fix = $"delete there what was generated, or copy out of it what you need, then: dotnet cake --target=SaveWork --bottle={identity}; to let the rest go: dotnet cake --target=Cleanup --bottle={identity} --force=SaveWork",
    };
}

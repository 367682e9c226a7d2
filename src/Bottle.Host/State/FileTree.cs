using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;

namespace Bottle.Host.State;

/// <summary>Deletes folders in which containers wrote: links are deleted and not followed, closed folders are opened first.</summary>
internal static class FileTree
{
    /// <summary>Deletes a folder and all in it; BTL3108 when something stays.</summary>
    public static async Task DeleteAsync(string folder, ICommandRunner runner, CancellationToken cancellationToken)
    {
        try
        {
            OpenFolders(folder);
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another cleanup was faster.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Deeper than a path can name (the framework then fails with an argument of its own), for example: rm goes down folder by folder.
            var result = await runner.RunAsync(new Command("rm", "-rf", "--one-file-system", "--", folder), cancellationToken).ConfigureAwait(false);
            if (NativeFile.Look(folder) is not null)
                throw new BottleException(StateErrors.CannotRemove(folder, result.LastLines(1) is [var line] ? line : e.Message), e);
        }
    }

    private static void OpenFolders(string root)
    {
        if (NativeFile.UserId == 0)
            return;
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var folder))
        {
            if ((File.GetUnixFileMode(folder) & SafeFolder.Private) != SafeFolder.Private && NativeFile.Look(folder) is { IsDirectory: true })
                File.SetUnixFileMode(folder, SafeFolder.Private);
            foreach (var entry in new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.LinkTarget is null))
                folders.Push(entry.FullName);
        }
    }
}

using System.Globalization;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.State;

/// <summary>
/// The exclusive lock on a run's folder (<c>flock</c> on its file <c>lock</c>): who holds it owns the run, and its death frees it (SPEC E4). The file's first line is the owner's process,
/// its second what the owner is doing; both stay there when it is killed.
/// </summary>
public sealed class RunLock : IDisposable
{
    // Somebody who only asks whether the lock is held has it, shared, for a moment.
    private const int Attempts = 10;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);
    private const int Longest = 1024;

    private readonly SafeFileHandle file;
    private readonly string path;

    private RunLock(SafeFileHandle file, string path) => (this.file, this.path) = (file, path);

    /// <summary>Takes the lock in a folder, or returns null when another process (or another part of this one) holds it, or the folder went away. Disk errors are BTL3106.</summary>
    public static RunLock? TryTake(string folder)
    {
        var path = Path.Combine(folder, StateLayout.Lock);
        for (var attempt = 0; attempt < Attempts && Directory.Exists(folder); attempt++)
        {
            var file = NativeFile.OpenToLock(path);
            if (NativeFile.TryLock(file, exclusive: true) && NativeFile.Look(path)?.Inode == NativeFile.Look(file).Inode)
            {
                var taken = new RunLock(file, path);
                taken.Say("");
                return taken;
            }
            file.Dispose();
            Thread.Sleep(Between);
        }
        return null;
    }

    /// <summary>Whether somebody holds the lock in a folder.</summary>
    public static bool IsHeld(string folder)
    {
        var path = Path.Combine(folder, StateLayout.Lock);
        if (!File.Exists(path))
            return false;
        try
        {
            using var file = NativeFile.OpenWithoutFollowing(path);
            return !NativeFile.TryLock(file, exclusive: false);
        }
        catch (IOException) when (!File.Exists(path))
        {
            // Its owner has removed it since.
            return false;
        }
    }

    /// <summary>The process that wrote itself into the lock last; null when none did.</summary>
    public static int? Holder(string folder) => int.TryParse(Lines(folder)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>What the one that held the lock last said it was doing; empty when it said nothing. Whether it still does is <see cref="IsHeld"/>.</summary>
    public static string Said(string folder) => Lines(folder) is [_, var doing, ..] ? doing : "";

    /// <summary>Says what the owner is doing, in one line of ASCII. Disk errors are BTL3106.</summary>
    public void Say(string doing)
    {
        var content = Encoding.ASCII.GetBytes(doing.Length == 0 ? $"{Environment.ProcessId}\n" : $"{Environment.ProcessId}\n{doing}\n");
        try
        {
            // Written before it is cut, so that the file never gives its room on a full disk away.
            RandomAccess.Write(file, content, 0);
            RandomAccess.SetLength(file, content.Length);
        }
        catch (IOException e)
        {
            throw new BottleException(StateErrors.CannotWrite(path, e.Message), e);
        }
    }

    private static string[] Lines(string folder) =>
        SafeReading.Read(Path.Combine(folder, StateLayout.Lock), Longest) is var (content, _) ? Encoding.ASCII.GetString(content).Split('\n') : [""];

    /// <summary>Frees the lock.</summary>
    public void Dispose() => file.Dispose();
}

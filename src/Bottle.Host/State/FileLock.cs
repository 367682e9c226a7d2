using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.State;

/// <summary>An exclusive lock on a file that stays (<c>flock</c>), held for one piece of work; the death of its process frees it.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SafeFileHandle file;

    private FileLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock, or returns null when somebody else holds it. Makes the file (0600) when it is not there; its folder must be.</summary>
    public static FileLock? TryTake(string path)
    {
        SafeFileHandle file;
        try
        {
            file = NativeFile.OpenToLock(path);
        }
        catch (IOException e)
        {
            throw new BottleException(StateErrors.CannotWrite(path, e.Message), e);
        }
        if (NativeFile.TryLock(file, exclusive: true))
            return new FileLock(file);
        file.Dispose();
        return null;
    }

    /// <summary>Waits for the lock at most <paramref name="patience"/>, then returns null.</summary>
    public static async Task<FileLock?> TakeAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            if (TryTake(path) is { } taken)
                return taken;
            if (waited >= patience)
                return null;
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => file.Dispose();
}

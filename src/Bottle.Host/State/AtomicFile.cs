using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>
/// Writes files so that a reader sees the old or the new one, whole: a temporary file beside it, then renamed over it. What must outlive a machine that loses power is forced to disk first; that costs ten milliseconds a
/// file, and a launch writes dozens that are of no use after a reboot: the containers are gone then, and Resume makes anew what is not as recorded.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Readable by everybody who gets into its folder.</summary>
    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Readable by its owner alone.</summary>
    public const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text as UTF-8 without a mark.</summary>
    public static void Write(string path, string text, UnixFileMode mode, RunAs? owner = null, bool outlivesPowerLoss = true) =>
        Write(path, stream => stream.Write(Utf8.GetBytes(text)), mode, owner, outlivesPowerLoss);

    /// <summary>Writes what <paramref name="content"/> writes; when that fails, the old file is as it was and nothing else is left. Disk errors are BTL3106.</summary>
    public static void Write(string path, Action<Stream> content, UnixFileMode mode, RunAs? owner = null, bool outlivesPowerLoss = true)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            // CreateNew never opens what is there, so a planted link is an error; narrow from the first moment.
            using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = Secret, BufferSize = 0 }))
            {
                content(stream);
                Ownership.Give(stream.SafeFileHandle, owner);
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
                stream.Flush(outlivesPowerLoss);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            if (e is IOException or UnauthorizedAccessException)
                throw new BottleException(StateErrors.CannotWrite(path, e.Message), e);
            throw;
        }
    }
}

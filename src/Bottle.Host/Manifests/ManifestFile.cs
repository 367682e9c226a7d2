using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Host.Manifests;

/// <summary>Bytes on disk to text: bounded, and strictly UTF-8.</summary>
internal static class ManifestFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, its byte order mark included; <paramref name="display"/> is the path for people.</summary>
    /// <exception cref="BottleException">BTL1001 to BTL1003.</exception>
    public static string Read(string path, string display)
    {
        byte[] bytes;
        try
        {
            bytes = BoundedFile.Read(path, ManifestReader.MaxBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BottleException(ManifestErrors.Unreadable(new SourceSpan(display, 1, 1), problem.Message), problem);
        }

        if (bytes.Length > ManifestReader.MaxBytes)
            throw new BottleException(ManifestErrors.TooLarge(new SourceSpan(display, 1, 1), "the file", ManifestReader.MaxBytes));
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new BottleException(ManifestErrors.NotUtf8(FirstBadByte(bytes, display)));
        }
    }

    private static SourceSpan FirstBadByte(byte[] bytes, string display)
    {
        System.Text.Unicode.Utf8.ToUtf16(bytes, new char[bytes.Length], out var good, out var written, replaceInvalidSequences: false);
        var before = Encoding.UTF8.GetString(bytes, 0, good);
        var lineStart = before.LastIndexOf('\n') + 1;
        return new SourceSpan(display, before.Count(c => c == '\n') + 1, before.Length - lineStart + 1);
    }
}

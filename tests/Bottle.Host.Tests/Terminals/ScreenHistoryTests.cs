using System.Text;
using Bottle.Host.Terminals;
using NUnit.Framework;

namespace Bottle.Host.Tests.Terminals;

[Parallelizable(ParallelScope.All)]
public sealed class ScreenHistoryTests
{
    [Test]
    public void Modes_are_followed_wherever_the_output_is_cut_into_pieces()
    {
        var history = new ScreenHistory();
        foreach (var value in Encoding.ASCII.GetBytes("a\e[?1049h\e[?1000;2004hb\e[?2004l\e[31m\e[?25lc"))
            history.Add([value]);
        Assert.That(history.Modes, Is.EqualTo(new[] { 1000, 1049 }));
        Assert.That(Encoding.ASCII.GetString(history.Reset()), Is.EqualTo("\e[?1000l\e[?1049l\e[0m\e[?25h"));
    }

    [Test]
    public void A_full_reset_ends_every_mode()
    {
        var history = new ScreenHistory();
        history.Add("\e[?1049h\ec"u8);
        Assert.That(history.Modes, Is.Empty);
    }

    [Test]
    public void What_fits_is_replayed_whole()
    {
        var history = new ScreenHistory();
        history.Add("one\r\ntwo"u8);
        Assert.That(Encoding.ASCII.GetString(history.Replay()), Is.EqualTo("one\r\ntwo"));
    }

    [Test]
    public void What_does_not_fit_begins_with_a_whole_line_on_the_right_screen()
    {
        var history = new ScreenHistory(capacity: 10);
        history.Add("\e[?1049hlong line\nlast\n"u8);
        Assert.That(Encoding.ASCII.GetString(history.Replay()), Is.EqualTo("\e[?1049hlast\n\e[?1049h"));
    }
}

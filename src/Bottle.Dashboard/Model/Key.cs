namespace Bottle.Dashboard.Model;

/// <summary>What kind of key was pressed.</summary>
public enum KeyKind
{
    /// <summary>A character, in <see cref="Key.Character"/>.</summary>
    Character,

    /// <summary>A character that was pasted, in <see cref="Key.Character"/>: text, and never a command.</summary>
    Pasted,

    /// <summary>Return.</summary>
    Enter,

    /// <summary>Escape, alone.</summary>
    Escape,

    /// <summary>Tab.</summary>
    Tab,

    /// <summary>Shift and Tab.</summary>
    BackTab,

    /// <summary>Erase to the left.</summary>
    Backspace,

    /// <summary>Cursor up.</summary>
    Up,

    /// <summary>Cursor down.</summary>
    Down,

    /// <summary>Cursor left.</summary>
    Left,

    /// <summary>Cursor right.</summary>
    Right,

    /// <summary>A screen up.</summary>
    PageUp,

    /// <summary>A screen down.</summary>
    PageDown,

    /// <summary>To the beginning.</summary>
    Home,

    /// <summary>To the end.</summary>
    End,
}

/// <summary>A key as it was pressed; <paramref name="Character"/> is printable, or U+0000 for the others.</summary>
public readonly record struct Key(KeyKind Kind, char Character = '\0')
{
    /// <summary>The key of a character.</summary>
    public static Key Of(char character) => new(KeyKind.Character, character);
}

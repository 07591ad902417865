namespace Formation.Shop.Messaging;

/// <summary>Lit les variables d'environnement, et vérifie ce qu'elles contiennent.</summary>
public static class EnvironmentReader
{
    /// <summary>Un texte, ou <paramref name="fallback"/> si la variable est absente ou vide.</summary>
    public static string Text(string name, string fallback)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value) ? fallback : value.Trim();
    }

    /// <summary>Une durée, écrite en millisecondes entières.</summary>
    /// <exception cref="SettingsException">La valeur est mal formée ou hors bornes.</exception>
    public static TimeSpan Milliseconds(string name, int fallback, int minimum, int maximum)
    {
        string text = Text(name, string.Empty);
        if (text.Length == 0)
        {
            return TimeSpan.FromMilliseconds(fallback);
        }

        if (!int.TryParse(text, out int value) || value < minimum || value > maximum)
        {
            throw new SettingsException($"{name} doit être un entier de {minimum} à {maximum} (reçu : « {text} »).");
        }

        return TimeSpan.FromMilliseconds(value);
    }
}

/// <summary>Un réglage empêche de démarrer.</summary>
public sealed class SettingsException(string message, Exception? cause = null) : Exception(message, cause);

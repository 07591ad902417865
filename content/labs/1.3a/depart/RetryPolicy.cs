namespace Formation.OrderConsumer;

/// <summary>Combien de fois réessayer, et combien de temps attendre entre deux essais.</summary>
public sealed class RetryPolicy(ConsumerSettings settings)
{
    /// <summary>Nombre d'essais, le premier compris.</summary>
    public int MaxAttempts => settings.MaxAttempts;

    /// <summary>Somme des plus longues attentes possibles entre le premier essai et le dernier.</summary>
    public TimeSpan LongestWait =>
        Enumerable.Range(1, settings.MaxAttempts - 1)
            .Aggregate(TimeSpan.Zero, (total, attempt) => total + Ceiling(attempt));

    /// <summary>Attente après l'échec numéro <paramref name="attempt"/>, tirée au sort.</summary>
    public TimeSpan Delay(int attempt)
    {
        // 7. À vous : une durée au hasard entre zéro et le plafond de cet essai. Sans hasard, tous les réplicas
        //    réessaieraient au même instant.
        return Ceiling(attempt);
    }

    /// <summary>Son plafond double à chaque échec : 200, 400, 800 ms…</summary>
    private TimeSpan Ceiling(int attempt)
    {
        // 7. À vous : doublez RetryBase à chaque échec, jusqu'à RetryCap.
        return settings.RetryBase;
    }
}

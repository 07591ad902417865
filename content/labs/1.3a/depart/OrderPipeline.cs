using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Ce qu'il est advenu d'un message.</summary>
public enum Outcome
{
    /// <summary>Traité : on peut avancer.</summary>
    Processed,

    /// <summary>Mis de côté, accusé de la DLQ reçu : on peut avancer.</summary>
    DeadLettered,

    /// <summary>L'arrêt est demandé pendant une attente : on n'avance pas, il sera relu.</summary>
    Interrupted,
}

/// <summary>Mène un message à son terme : essais, attentes, DLQ.</summary>
public sealed class OrderPipeline(
    OrderHandler handler,
    RetryPolicy retries,
    DeadLetterQueue deadLetters,
    ILogger<OrderPipeline> logger)
{
    /// <summary>Traite le message, autant de fois que la politique le permet.</summary>
    /// <exception cref="ProduceException{TKey, TValue}">La DLQ a failli : ne pas avancer.</exception>
    public Outcome Handle(ConsumeResult<byte[], byte[]> result, CancellationToken stop)
    {
        // 6. À vous : recommencez tant que l'essai n'est pas le dernier (retries.MaxAttempts). Entre deux essais, attendez
        //    retries.Delay(attempt) ou l'arrêt, ce qui vient en premier (stop.WaitHandle.WaitOne) ; après le dernier, DLQ.
        const int attempt = 1;
        try
        {
            handler.Process(result.Message.Value);
            return Outcome.Processed;
        }
        catch (PoisonMessageException error)
        {
            deadLetters.Add(new DeadLetter(result, error, attempt)); // réessayer ne servirait à rien
            return Outcome.DeadLettered;
        }
        catch (Exception error)
        {
            // Ici, le message est perdu : l'exception est avalée, et la lecture continue.
            logger.LogError(
                "{Position} abandonné à l'essai {Attempt} sur {MaxAttempts} : {Reason}",
                result.TopicPartitionOffset.Text(),
                attempt,
                retries.MaxAttempts,
                error.Message);
            return Outcome.Processed;
        }
    }
}

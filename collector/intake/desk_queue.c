#include "collector/intake/desk_internal.h"

size_t desk_prepared_bytes(const struct prepared *prepared)
{
    return prepared->raw_size + prepared->findings.len + db_values_size(&prepared->run_rows) +
           db_values_size(&prepared->measurement_rows);
}

bool desk_charge(struct desk *desk, struct work *work, size_t bytes)
{
    if (!budget_take(&desk->budget, bytes)) {
        return false;
    }
    work->charged += bytes;
    return true;
}

void desk_release(struct desk *desk, struct work *work, size_t keep)
{
    if (work->charged > keep) {
        budget_give(&desk->budget, work->charged - keep);
        work->charged = keep;
    }
}

void desk_queue_add(struct queue *queue, struct work *work)
{
    work->next = NULL;
    *queue->last = work;
    queue->last = &work->next;
    queue->waiting++;
}

struct work *desk_queue_take(struct queue *queue)
{
    struct work *work = queue->first;
    queue->first = work->next;
    if (queue->first == NULL) {
        queue->last = &queue->first;
    }
    work->next = NULL;
    queue->waiting--;
    return work;
}

/* Whether a thread may begin with what waits in its queue. */
bool desk_may_take(const struct desk *desk, const struct queue *queue)
{
    if (queue->first == NULL) {
        return false;
    }
    const size_t least = desk->storing < DESK_JOIN_LEAST ? desk->storing : DESK_JOIN_LEAST;
    return queue != &desk->stores || queue->waiting >= least || desk->closing;
}

/* Nothing waits and nothing can come any more. */
static bool is_over(const struct desk *desk, const struct queue *queue)
{
    const bool more_from_checks = queue == &desk->stores && (desk->checking > 0 || desk->checks.first != NULL);
    return desk->closing && queue->first == NULL && !more_from_checks;
}

/* Takes what waits, within the limits of one transaction; 0 when the desk closes. */
size_t desk_take_batch(struct desk *desk, struct queue *queue, size_t most, struct work **batch)
{
    size_t count = 0, bytes = 0;
    pthread_mutex_lock(&desk->lock);
    while (!desk_may_take(desk, queue) && !is_over(desk, queue)) {
        pthread_cond_wait(&queue->arrived, &desk->lock);
    }
    while (queue->first != NULL && count < most) {
        size_t size = queue->first->prepared != NULL ? desk_prepared_bytes(queue->first->prepared) : 0;
        if (count > 0 && bytes + size > INTAKE_BATCH_BYTES) {
            break;
        }
        bytes += size;
        batch[count++] = desk_queue_take(queue);
    }
    desk->checking += queue == &desk->checks ? count : 0;
    desk->storing += queue == &desk->stores ? count : 0;
    if (desk_may_take(desk, queue)) {
        pthread_cond_signal(&queue->arrived);
    }
    pthread_mutex_unlock(&desk->lock);
    return count;
}

// Values that live longer than a view, such as the journal. Components observe them.
import { useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";

export function createObservable(initial) {
  let value = initial;
  const observers = new Set();
  return {
    get value() {
      return value;
    },
    set(next) {
      value = next;
      // A copy, because an observer may end its observation.
      for (const observer of [...observers]) observer(next);
    },
    observe(observer) {
      observers.add(observer);
      return () => observers.delete(observer);
    },
  };
}

// Returns the value, and renders the component again when it changes.
export function useObservable(observable) {
  const [, setShown] = useState(observable.value);
  useLayoutEffect(() => {
    // The value may have changed between the rendering and this effect.
    setShown(observable.value);
    return observable.observe(setShown);
  }, [observable]);
  return observable.value;
}

// Returns a value that follows another one, at most once in a time, so that loads do not follow every request.
export function useThrottled(value, milliseconds) {
  const [shown, setShown] = useState(value);
  const changed = useRef(0);
  useEffect(() => {
    const rest = Math.max(0, changed.current + milliseconds - Date.now());
    const timer = setTimeout(() => {
      changed.current = Date.now();
      setShown(value);
    }, rest);
    return () => clearTimeout(timer);
  }, [value]);
  return shown;
}

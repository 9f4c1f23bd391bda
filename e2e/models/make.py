#!/usr/bin/env python3
"""Writes a Llama of no sense and little size: a config.json, and a tokenizer for which one byte is one token.

    make.py FOLDER HIDDEN LAYERS HEADS      a model (its weights are left to --load-format dummy)
    make.py --lora FOLDER HIDDEN LAYERS     an adapter for it, with weights of zero
"""

import json
import pathlib
import struct
import sys

SPECIAL = ["<s>", "</s>", "<unk>"]
VOCABULARY = 256 + len(SPECIAL)
CONTEXT = 2048


def byte_names():
    """The printable name of each byte, as byte-level tokenizers write it."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    names, spare = {}, 0
    for byte in range(256):
        if byte in printable:
            names[byte] = chr(byte)
        else:
            names[byte] = chr(256 + spare)
            spare += 1
    return names


def write(folder, name, value):
    (folder / name).write_text(json.dumps(value, indent=1), encoding="utf-8")


def model(folder, hidden, layers, heads):
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "config.json", {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": hidden,
        "intermediate_size": 2 * hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": heads,
        "vocab_size": VOCABULARY,
        "max_position_embeddings": CONTEXT,
        "bos_token_id": 256,
        "eos_token_id": 257,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "torch_dtype": "float32",
    })
    vocabulary = {name: byte for byte, name in byte_names().items()}
    added = []
    for number, token in enumerate(SPECIAL):
        added.append({"id": 256 + number, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
                      "normalized": False, "special": True})
    write(folder, "tokenizer.json", {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                  "vocab": vocabulary, "merges": []},
    })
    write(folder, "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "model_max_length": CONTEXT,
        "clean_up_tokenization_spaces": False,
        "chat_template": "{% for message in messages %}{{ message['content'] }}{% endfor %}",
    })
    write(folder, "generation_config.json", {"bos_token_id": 256, "eos_token_id": 257})


def lora(folder, hidden, layers):
    """Writes the safetensors format by hand: a length, a table, then the numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    rank = 8
    write(folder, "adapter_config.json", {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "tiny", "r": rank,
        "lora_alpha": rank, "lora_dropout": 0.0, "bias": "none", "target_modules": ["q_proj", "v_proj"],
        "inference_mode": True, "fan_in_fan_out": False, "modules_to_save": None,
    })
    table, offset = {}, 0
    for layer in range(layers):
        for part in ("q_proj", "v_proj"):
            for side, shape in (("A", [rank, hidden]), ("B", [hidden, rank])):
                size = shape[0] * shape[1] * 4
                name = f"base_model.model.model.layers.{layer}.self_attn.{part}.lora_{side}.weight"
                table[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + size]}
                offset += size
    head = json.dumps(table).encode()
    (folder / "adapter_model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + bytes(offset))


if __name__ == "__main__":
    if sys.argv[1] == "--lora":
        lora(pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        model(pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

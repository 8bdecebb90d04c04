// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { Codeword, IKeyLedger, OpenedKey } from "../interfaces/IKeyLedger.sol";
import { Fingerprints } from "../lib/Fingerprints.sol";
import { IndexedMerkle } from "../lib/IndexedMerkle.sol";
import { CopyId } from "../lib/Types.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IKeyLedger`.
contract KeyLedger is IKeyLedger {
    using SafeCast for uint256;

    /// @param keys Number of keys; 0 until the first was opened.
    struct Eighth {
        bool spent;
        uint32 opened;
        uint32 keys;
    }

    uint8 private constant EIGHTHS = 8;

    ICopyRegistry private immutable COPIES;
    address private immutable COURT;

    mapping(CopyId id => Eighth[EIGHTHS]) private _eighths;

    constructor(ICopyRegistry copies, address court) {
        COPIES = copies;
        COURT = court;
    }

    /// @inheritdoc IKeyLedger
    function spend(CopyId id, bytes32 seed) external returns (uint8 eighth) {
        require(msg.sender == COURT, NotCourt(msg.sender, COURT));
        uint256 remaining = left(id);
        require(remaining > 0, CodewordSpent(id));

        uint256 skip = uint256(seed) % remaining;
        while (spent(id, eighth) || skip > 0) {
            if (!spent(id, eighth)) --skip;
            ++eighth;
        }
        _eighths[id][eighth].spent = true;
        emit Spent(id, eighth);
    }

    /// @inheritdoc IKeyLedger
    function openKeys(CopyId id, uint8 eighth, Codeword calldata codeword, OpenedKey[] calldata keys) external {
        Eighth storage part = _eighths[id][eighth];
        bytes32 root = COPIES.copies(id).fingerprintRoot;
        require(part.spent, EighthNotDrawn(id, eighth));
        require(Fingerprints.rootOf(codeword.poolRoot, codeword.responsesRoot) == root, CodewordInvalid(id, root));

        uint256 first = uint256(codeword.count) * eighth / EIGHTHS;
        uint256 wanted = uint256(codeword.count) * (eighth + 1) / EIGHTHS - first;
        uint256 opened = part.opened;
        for (uint256 i; i < keys.length && opened < wanted; ++i) {
            _requireKey(id, codeword, keys[i], (first + opened).toUint64());
            emit KeyOpened(id, first + opened++, keys[i].pooled, keys[i].response);
        }
        // only a proof shows that the count is the codeword's
        if (opened > part.opened) (part.opened, part.keys) = (opened.toUint32(), wanted.toUint32());
    }

    /// @inheritdoc IKeyLedger
    function left(CopyId id) public view returns (uint256 count) {
        for (uint8 i; i < EIGHTHS; ++i) {
            if (!spent(id, i)) ++count;
        }
    }

    /// @inheritdoc IKeyLedger
    function spent(CopyId id, uint8 eighth) public view returns (bool) {
        return _eighths[id][eighth].spent;
    }

    /// @inheritdoc IKeyLedger
    function progress(CopyId id, uint8 eighth) external view returns (uint32 opened, uint32 keys) {
        Eighth storage part = _eighths[id][eighth];
        return (part.opened, part.keys);
    }

    /// @inheritdoc IKeyLedger
    function isShown(CopyId id, uint8 eighth) external view returns (bool) {
        Eighth storage part = _eighths[id][eighth];
        return part.keys > 0 && part.opened == part.keys;
    }

    function _requireKey(CopyId id, Codeword calldata codeword, OpenedKey calldata key, uint64 index) private pure {
        bytes32 leaf = IndexedMerkle.leafOf(key.pooled);
        bool pooled = IndexedMerkle.proves(codeword.poolRoot, leaf, index, codeword.count, key.poolSiblings);
        leaf = IndexedMerkle.leafOf(key.response);
        bool answers = IndexedMerkle.proves(codeword.responsesRoot, leaf, index, codeword.count, key.responseSiblings);
        require(pooled && answers, KeyInvalid(id, index));
    }
}

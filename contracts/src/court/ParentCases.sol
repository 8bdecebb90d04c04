// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Verdict } from "../interfaces/ICaseCourt.sol";
import { Charge, Decision, IMatter } from "../interfaces/IMatter.sol";
import { IModelRegistry, KeyPool } from "../interfaces/IModelRegistry.sol";
import { IOrigins, OriginBond } from "../interfaces/IOrigins.sol";
import { Descent, IParentCases, PooledKey } from "../interfaces/IParentCases.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { IndexedMerkle } from "../lib/IndexedMerkle.sol";
import { ModelId } from "../lib/Types.sol";
import { MAX_ENTERED } from "../registry/Origins.sol";
import { Matter } from "./Matter.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IParentCases`.
contract ParentCases is Matter, IParentCases {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @param keys Number of keys; 0 until the first was opened.
    struct Eighth {
        uint32 opened;
        uint32 keys;
    }

    uint8 private constant EIGHTHS = 8;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    IModelRegistry private immutable REGISTRY;
    IOrigins private immutable ORIGINS;

    mapping(ModelId id => mapping(uint32 version => Eighth[EIGHTHS])) private _eighths;

    constructor(IERC20 usd, IProtocol protocol, IModelRegistry registry, IOrigins origins, address court)
        Matter(court)
    {
        USD = usd;
        PROTOCOL = protocol;
        REGISTRY = registry;
        ORIGINS = origins;
    }

    /* COURT ONLY */

    /// @inheritdoc IMatter
    function open(uint256 subject, bytes32 target, address opener) external onlyCourt returns (Charge memory charge) {
        ModelId id = ModelId.wrap(subject);
        Descent memory descent = descentOf(target);
        ModelId ancestor = descent.ancestor;
        require(ModelId.unwrap(ancestor) < subject, NotEarlier(ancestor, id));
        OriginBond memory bond = ORIGINS.bonds(id, descent.version);
        charge.excluded = [bond.owner, REGISTRY.ownerOf(subject), REGISTRY.controllerOf(id), address(0)];
        _requireNotExcluded(opener, charge.excluded);
        KeyPool memory pool = REGISTRY.keyPool(ancestor, descent.ancestorVersion);
        require(
            pool.root != 0 && pool.since < bond.since,
            KeyPoolNotEarlier(ancestor, descent.ancestorVersion, pool.since, bond.since)
        );
        require(!ORIGINS.isKnown(id, ancestor), IOrigins.AncestorKnown(ancestor, id));
        require(ORIGINS.hasPlace(id, descent.displaced), IOrigins.PlacesTaken(id, MAX_ENTERED));

        (charge.accused, charge.joinable) = (bond.owner, true);
        (charge.bond, charge.atStake) = (PROTOCOL.caseBond(), bond.amount);
        charge.threshold = _threshold(REGISTRY.totalModels());
        charge.interested = [REGISTRY.ownerOf(ModelId.unwrap(ancestor)), REGISTRY.controllerOf(ancestor)];

        ORIGINS.openCase(id, descent.version);
    }

    /// @inheritdoc IMatter
    function test(uint256, bytes32, bytes32 seed, uint8) external view onlyCourt returns (uint8) {
        // below 8
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint8(uint256(seed) % EIGHTHS);
    }

    /// @inheritdoc IMatter
    function close(uint256 subject, bytes32 target, Decision calldata decision)
        external
        onlyCourt
        returns (uint256 taken, uint256 bounty)
    {
        ModelId id = ModelId.wrap(subject);
        Descent memory descent = descentOf(target);
        if (decision.verdict == Verdict.Accept) {
            (taken, bounty) = ORIGINS.take(id, descent.version, decision.most, decision.cost);
            ORIGINS.enter(id, descent.version, descent.ancestor, descent.displaced);
        }
        ORIGINS.closeCase(id, descent.version);

        if (bounty > 0) USD.safeTransfer(COURT, bounty);
    }

    /* KEYS */

    /// @inheritdoc IParentCases
    function openKeys(ModelId id, uint32 version, uint8 eighth, uint64 count, PooledKey[] calldata keys) external {
        Eighth storage part = _eighths[id][version][eighth];
        bytes32 root = REGISTRY.keyPool(id, version).root;
        uint256 first = uint256(count) * eighth / EIGHTHS;
        uint256 wanted = uint256(count) * (eighth + 1) / EIGHTHS - first;
        uint256 opened = part.opened;
        for (uint256 i; i < keys.length && opened < wanted; ++i) {
            _requireKey(id, root, (first + opened).toUint64(), count, keys[i]);
            emit PooledKeyOpened(id, version, first + opened++, keys[i].pooled);
        }
        // only a proof shows that the count is the pool's
        if (opened > part.opened) (part.opened, part.keys) = (opened.toUint32(), wanted.toUint32());
    }

    /* VIEWS */

    /// @inheritdoc IMatter
    function isShown(uint256, bytes32 target, uint8 eighth) external view returns (bool) {
        Descent memory descent = descentOf(target);
        Eighth memory part = _eighths[descent.ancestor][descent.ancestorVersion][eighth];
        return part.keys > 0 && part.opened == part.keys;
    }

    /// @inheritdoc IMatter
    function bondOf(uint256) external view returns (uint64) {
        return PROTOCOL.caseBond();
    }

    /// @inheritdoc IParentCases
    function progress(ModelId id, uint32 version, uint8 eighth) external view returns (uint32 opened, uint32 keys) {
        Eighth memory part = _eighths[id][version][eighth];
        return (part.opened, part.keys);
    }

    /// @inheritdoc IParentCases
    function targetOf(Descent calldata descent) external pure returns (bytes32) {
        uint256 displaced = ModelId.unwrap(descent.displaced).toUint64();
        uint256 ancestor = ModelId.unwrap(descent.ancestor).toUint64();
        return bytes32(
            displaced << 128 | uint256(descent.version) << 96 | uint256(descent.ancestorVersion) << 64 | ancestor
        );
    }

    /// @inheritdoc IParentCases
    function descentOf(bytes32 target) public pure returns (Descent memory) {
        uint256 packed = uint256(target);
        // the parts that `targetOf` has put together
        // forge-lint: disable-start(unsafe-typecast)
        return Descent({
            version: uint32(packed >> 96),
            ancestor: ModelId.wrap(uint64(packed)),
            ancestorVersion: uint32(packed >> 64),
            displaced: ModelId.wrap(packed >> 128)
        });
        // forge-lint: disable-end(unsafe-typecast)
    }

    /* INTERNAL */

    function _requireKey(ModelId id, bytes32 root, uint64 index, uint64 count, PooledKey calldata key) private pure {
        bytes32 leaf = IndexedMerkle.leafOf(key.pooled);
        require(IndexedMerkle.proves(root, leaf, index, count, key.siblings), PooledKeyInvalid(id, index));
    }
}

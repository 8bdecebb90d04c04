// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IMinterRegistry, Minter } from "../interfaces/IMinterRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice See `IMinterRegistry`.
contract MinterRegistry is IMinterRegistry {
    using SafeERC20 for IERC20;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ITreasury private immutable TREASURY;
    address private immutable COPY_REGISTRY;

    /// @inheritdoc IMinterRegistry
    mapping(address minter => uint64) public leavesAt;

    mapping(address account => Minter) private _minters;

    constructor(IERC20 usd, IProtocol protocol, ITreasury treasury, address copyRegistry) {
        USD = usd;
        PROTOCOL = protocol;
        TREASURY = treasury;
        COPY_REGISTRY = copyRegistry;
    }

    modifier onlyCopyRegistry() {
        require(msg.sender == COPY_REGISTRY, NotCopyRegistry(msg.sender, COPY_REGISTRY));
        _;
    }

    /* WRITES */

    /// @inheritdoc IMinterRegistry
    function addBond(uint96 amount) external {
        Minter storage minter = _minters[msg.sender];

        minter.bond += amount;
        emit BondAdded(msg.sender, amount, minter.bond);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IMinterRegistry
    function setOffer(uint32 fee, uint32 window, uint64 penalty) external {
        PROTOCOL.requireOpen();
        Minter storage minter = _minters[msg.sender];
        uint64 maxWindow = PROTOCOL.deliverWindow();
        uint64 minPenalty = PROTOCOL.minterPenalty();
        uint64 minBond = PROTOCOL.minterBond();
        require(window > 0 && window <= maxWindow, PromiseOutOfRange(window, maxWindow));
        require(penalty >= minPenalty, PenaltyTooLow(penalty, minPenalty));
        require(
            penalty >= minter.penalty || minter.openOrders == 0,
            PenaltyPromised(penalty, minter.penalty, minter.openOrders)
        );
        require(minter.bond >= minBond, BondTooLow(minter.bond, minBond));

        (minter.fee, minter.window, minter.penalty) = (fee, window, penalty);
        leavesAt[msg.sender] = 0;
        emit OfferSet(msg.sender, fee, window, penalty);

        TREASURY.setMinter(msg.sender, true);
    }

    /// @inheritdoc IMinterRegistry
    function resign() external {
        require(_minters[msg.sender].window > 0, MinterNotAllowed(msg.sender));

        uint64 notBefore = PROTOCOL.time() + PROTOCOL.thaw();

        _minters[msg.sender].window = 0;
        leavesAt[msg.sender] = notBefore;
        emit Leaving(msg.sender, notBefore);
    }

    /// @inheritdoc IMinterRegistry
    function withdrawBond(address account) external {
        uint64 notBefore = leavesAt[account];
        uint64 time = PROTOCOL.time();
        uint32 openOrders = _minters[account].openOrders;
        require(notBefore > 0, NotLeaving(account));
        require(time >= notBefore, BondThawing(time, notBefore));
        require(openOrders == 0, OrdersOpen(openOrders));

        uint256 bond = _minters[account].bond;

        delete _minters[account];
        delete leavesAt[account];
        emit Left(account, bond);

        TREASURY.setMinter(account, false);
        USD.safeTransfer(account, bond);
    }

    /* COPY REGISTRY ONLY */

    /// @inheritdoc IMinterRegistry
    function take(address account) external onlyCopyRegistry returns (uint32 fee, uint32 window) {
        Minter memory minter = _minters[account];
        uint256 needed = uint256(minter.penalty) * ++minter.openOrders;
        require(minter.window > 0, MinterNotAllowed(account));
        require(minter.bond >= needed, BondTooLow(minter.bond, needed));

        _minters[account].openOrders = minter.openOrders;
        return (minter.fee, minter.window);
    }

    /// @inheritdoc IMinterRegistry
    function release(address account) external onlyCopyRegistry {
        --_minters[account].openOrders;
    }

    /// @inheritdoc IMinterRegistry
    function penalize(address account, address buyer) external onlyCopyRegistry returns (uint256 amount) {
        Minter storage minter = _minters[account];

        // The bond covers every reserved penalty, and a penalty is never lowered while orders are open (`setOffer`,
        // `take`).
        amount = minter.penalty < minter.bond ? minter.penalty : minter.bond;

        // at most the bond, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        minter.bond -= uint96(amount);
        --minter.openOrders;
        emit Penalized(account, buyer, amount, minter.bond);

        USD.safeTransfer(buyer, amount);
    }

    /* VIEWS */

    /// @inheritdoc IMinterRegistry
    function minters(address account) external view returns (Minter memory) {
        return _minters[account];
    }
}
